// Where nobody chose a time zone yet, the one of this device is offered.
const select = document.querySelector("select[data-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select && [...select.options].some((option) => option.value === here)) {
  select.value = here;
}
