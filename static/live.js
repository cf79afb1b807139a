// Keeps the numbers of an open poll fresh, on a page without any form that votes. Without this
// script the page's link does the same.
"use strict";

(() => {
  const EVERY = 10 * 1000;
  // A page that nobody attends to does not keep its session alive.
  const ATTENDED = 15 * 60 * 1000;

  let attendedAt = Date.now();
  let timer = 0;

  const attend = () => { attendedAt = Date.now(); };
  const part = (page, name) => page.getElementById(`live-${name}`);

  // What people are in the middle of stays as it is.
  const renew = (name, page) => {
    const shown = part(document, name);
    if (!shown.contains(document.activeElement)) {
      shown.replaceChildren(...document.importNode(part(page, name), true).childNodes);
    }
  };

  const show = (page) => {
    const total = part(page, "total").textContent;
    if (part(document, "total").textContent !== total) {
      part(document, "total").textContent = total;
    }
    renew("read", page);
    renew("figures", page);
  };

  const refresh = () => {
    if (document.hidden || Date.now() - attendedAt > ATTENDED) { return; }
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.responseType = "document";
    request.onload = () => {
      const page = request.response;
      if (request.status === 200 && page && part(page, "total")) {
        show(page);
      } else {
        // The poll has closed, or the session has ended: the page itself will say.
        clearInterval(timer);
        if (request.status === 200) { location.reload(); }
      }
    };
    request.send();
  };

  for (const sign of ["pointermove", "keydown", "scroll"]) {
    addEventListener(sign, attend, { passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { attend(); refresh(); }
  });
  timer = setInterval(refresh, EVERY);
})();
