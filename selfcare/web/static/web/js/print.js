// Shows the buttons that only a script can serve: print, and hand over as a file. Without one the browser's menu prints.

const FILE = "summary.html";

/** Returns the page as one file that needs no network: what is on the paper, with its styles in it. */
async function asFile() {
  const page = document.implementation.createHTMLDocument(document.title);
  page.documentElement.lang = document.documentElement.lang;
  page.documentElement.dir = document.documentElement.dir;
  const charset = page.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  const style = page.createElement("style");
  style.textContent = (await Promise.all([...document.querySelectorAll('link[rel="stylesheet"]')].map(text))).join("\n");
  page.head.append(charset, style);
  page.body.className = document.body.className;
  page.body.append(page.importNode(document.querySelector("main"), true));
  for (const part of page.querySelectorAll(".no-print, script, noscript")) part.remove();
  return new File([`<!doctype html>\n${page.documentElement.outerHTML}`], FILE, { type: "text/html" });
}

const text = async ({ href }) => (await fetch(href)).text();

async function handOver(button) {
  button.disabled = true;
  try {
    const file = await asFile();
    if (navigator.canShare?.({ files: [file] })) await navigator.share({ files: [file] });
    else download(file);
  } catch (error) {
    // Whoever closes the sheet of the phone has changed their mind: nothing went wrong.
    if (error.name !== "AbortError") document.querySelector("[data-share-failed]").hidden = false;
  } finally {
    button.disabled = false;
  }
}

function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = false;
  button.textContent = navigator.canShare ? button.dataset.share : button.dataset.save;
  button.addEventListener("click", () => handOver(button));
}
