// On a proposal: the ways to comment on the passages of a difference are one stop of the Tab key.

import { rove } from "./roving.js";

for (const difference of document.querySelectorAll(".difference")) rove([...difference.querySelectorAll(".say-here")]);
