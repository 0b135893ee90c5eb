// Turns a list of in-page links and their sections into tabs. Without script every section is shown, one below the other.
for (const list of document.querySelectorAll("[data-tabs]")) {
  const tabs = [...list.querySelectorAll("a")];
  const panes = tabs.map((tab) => document.getElementById(tab.hash.slice(1)));
  if (panes.some((pane) => !pane)) continue;
  list.setAttribute("role", "tablist");
  list.parentElement.classList.add("tabbed");
  const show = (at, focus) => tabs.forEach((tab, i) => {
    tab.setAttribute("aria-selected", String(i === at));
    tab.tabIndex = i === at ? 0 : -1;
    panes[i].hidden = i !== at;
    if (i === at && focus) tab.focus();
  });
  tabs.forEach((tab, i) => {
    tab.setAttribute("role", "tab");
    tab.id ||= `tab-${panes[i].id}`;
    tab.setAttribute("aria-controls", panes[i].id);
    panes[i].setAttribute("role", "tabpanel");
    panes[i].setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", tab.hash);
      show(i, false);
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      show((i + step + tabs.length) % tabs.length, true);
    });
  });
  const asked = panes.findIndex((pane) => pane.id === location.hash.slice(1) || pane.querySelector(location.hash || ":not(*)"));
  show(Math.max(0, asked), false);
}
