// Chooses the phone's own time zone where none is chosen yet; the person confirms it.

const list = document.querySelector("select[data-time-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (list && list.value === "" && zone) {
  if (![...list.options].some((option) => option.value === zone)) {
    list.add(new Option(zone, zone));
  }
  list.value = zone;
}
