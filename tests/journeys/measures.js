// What a ruler and a finger find on the page that is shown: evaluated in the browser, gives the faults as sentences.
// Pages that hold several screens (check-in, session) are measured screen by screen.
({ width, targets, largeText }) => {
  const faults = [];
  const STICKY = ".tabs, .player-controls, .loading-strip";
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const said = (element) => (element.getAttribute("aria-label") || element.textContent || element.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
  const rect = (element) => element.getBoundingClientRect();

  function visible(element) {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    if (element.closest(".visually-hidden, .skip")) return false;
    const box = rect(element);
    return box.width > 1 && box.height > 1;
  }

  // A tick box is as large as the label that it stands in.
  function target(control) {
    return control.matches("[type=checkbox], [type=radio]") ? (control.closest("label") ?? control) : control;
  }

  function insideASentence(control) {
    if (getComputedStyle(control).display !== "inline") return false;
    return control.parentElement.textContent.trim().length > control.textContent.trim().length;
  }

  function measureWidth(name) {
    const wide = document.documentElement.scrollWidth;
    if (wide > width) faults.push(`${name}: scrolls sideways (${wide} > ${width})`);
    for (const element of document.body.querySelectorAll("*")) {
      if (!visible(element) || element.closest("svg") || element.closest(".scroll")) continue;
      const style = getComputedStyle(element);
      // Text in a box of its own that hides what does not fit.
      if (element.scrollWidth > element.clientWidth + 1 && style.display !== "inline" && style.overflowX !== "visible" && style.overflowX !== "auto" && !element.matches("input, select, textarea"))
        faults.push(`${name}: cut off in <${element.tagName.toLowerCase()} class="${element.className}">: ${said(element)}`);
      const box = rect(element);
      if (box.right > width + 1 || box.left < -1) faults.push(`${name}: beyond the edge: <${element.tagName.toLowerCase()}> ${said(element)}`);
    }
  }

  function measureWords(name) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const holder = node.parentElement;
      if (!node.data.trim() || !visible(holder) || holder.closest("svg, script, noscript, option, textarea")) continue;
      const hyphens = getComputedStyle(holder).hyphens === "auto";
      for (const { 0: word, index } of node.data.matchAll(/[^\s/‐-―-]+/g)) {
        // Addresses have no place to break.
        if (/[@:]\S/.test(word)) continue;
        // Long ones are hyphenated by every browser that has a dictionary; this one may have none.
        if (hyphens && word.length > 12) continue;
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const tops = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top)));
        if (tops.size > 1) faults.push(`${name}: the word "${word}" is split`);
      }
    }
    for (const clock of document.querySelectorAll(".clock")) {
      if (!visible(clock) || !clock.textContent) continue;
      if (rect(clock).height > 1.5 * parseFloat(getComputedStyle(clock).lineHeight)) faults.push(`${name}: the clock wraps`);
    }
  }

  function measureTargets(name, controls) {
    for (const control of controls) {
      if (control.closest(".map") || insideASentence(control)) continue;
      const box = rect(target(control));
      const [least, high] = control.closest(".nrs") ? [44, 56] : control.closest(".player-controls") ? [44, 72] : [44, 44];
      const least_height = control.matches("button:not(.link), .btn, .btn-primary, summary, select, .answer-button") ? Math.max(high, 48) : high;
      if (box.width < least - 0.5 || box.height < least_height - 0.5)
        faults.push(`${name}: ${Math.round(box.width)}x${Math.round(box.height)} is too small: ${said(control)}`);
    }
    for (const label of document.querySelectorAll(".map label")) {
      if (!visible(label)) continue;
      label.scrollIntoView({ block: "center" });
      const box = rect(label);
      if (box.width < 44 || box.height < 44) faults.push(`${name}: map area of ${Math.round(box.width)}x${Math.round(box.height)}: ${said(label)}`);
      const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!label.contains(hit)) faults.push(`${name}: the middle of "${said(label)}" hits something else`);
    }
    scrollTo(0, 0);
  }

  function measureOverlap(name, controls) {
    const boxes = controls
      .filter((control) => !control.closest(".map"))
      .map((control) => [control, control.closest(STICKY), [...(insideASentence(control) ? control.getClientRects() : [rect(target(control))])]]);
    for (const [at, [one, group, own]] of boxes.entries()) {
      for (const [other, otherGroup, others] of boxes.slice(at + 1)) {
        if (group !== otherGroup || target(one) === target(other) || one.contains(other) || other.contains(one)) continue;
        const touch = own.some((a) => others.some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2));
        // The lines of running text stand close; only what is no link of a sentence must keep clear.
        if (touch && !(insideASentence(one) && insideASentence(other))) faults.push(`${name}: "${said(one)}" lies over "${said(other)}"`);
      }
    }
  }

  function measureBars(name) {
    for (const bar of document.querySelectorAll(STICKY)) {
      if (!visible(bar)) continue;
      const { position } = getComputedStyle(bar);
      if (largeText && bar.matches(".tabs") && position !== "static") faults.push(`${name}: the bar stays over the page in large text`);
      if (position !== "static" && rect(bar).height > innerHeight * 0.6) faults.push(`${name}: a fixed bar takes ${Math.round(rect(bar).height)} of ${innerHeight}`);
    }
  }

  function measure(name) {
    const controls = [...document.querySelectorAll(CONTROLS)].filter(visible);
    measureWidth(name);
    measureWords(name);
    measureBars(name);
    measureOverlap(name, controls);
    if (targets) measureTargets(name, controls);
  }

  const screens = [...document.querySelectorAll("[data-screen]")];
  if (!screens.length) {
    measure(location.pathname);
    return [...new Set(faults)];
  }
  const shown = screens.map((screen) => screen.hidden);
  for (const screen of screens) {
    for (const other of screens) other.hidden = other !== screen;
    document.body.classList.toggle("playing", screen.dataset.screen === "player");
    measure(`${location.pathname} ${screen.dataset.screen}`);
  }
  screens.forEach((screen, at) => (screen.hidden = shown[at]));
  return [...new Set(faults)];
};
