"""What is wrong with a wiki, and what to do about it: looked at from the server, by whoever runs it.

`examine` goes through everything, one finding after the other, and goes on where a part is broken. Called by
`wiki doctor`. It changes nothing.
"""

from wiki.doctor.doctor import examine
from wiki.doctor.finding import Finding, write_findings

__all__ = ["Finding", "examine", "write_findings"]
