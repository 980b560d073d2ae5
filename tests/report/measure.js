// Measures every page of this document (one a frame) and puts what is wrong with it into the title.
"use strict";

const LEAST_CONTRAST = 4.5; // WCAG 2.2, criterion 1.4.3
const SLACK = 1.5; // pixels
const SCREEN = 1280; // pixels of a screen on which nothing scrolls sideways
const LINES = 4; // pixels by which the boxes of lines may overlap: letters do not fill theirs

function told(element) {
  const text = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
  return `${element.localName}.${element.getAttribute("class") || ""} "${text}"`;
}

function style(element) {
  return element.ownerDocument.defaultView.getComputedStyle(element);
}

function scrolls(element) {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (one.localName === "svg" || style(one).overflowX !== "visible") return true;
  }
  return false;
}

function* overflowing(page, width) {
  if (page.documentElement.scrollWidth > width) {
    yield `the page is ${page.documentElement.scrollWidth} wide`;
  }
  for (const element of page.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    const isOut = box.right > width + SLACK || box.left < -SLACK;
    if (box.width > 0 && isOut && !scrolls(element)) yield `out of the page: ${told(element)}`;
    const isHidden = element.scrollWidth > element.clientWidth + SLACK;
    if (width >= SCREEN && isHidden && style(element).overflowX === "auto") {
      yield `scrolls sideways: ${told(element)}`;
    }
  }
}

function luminance(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function background(element) {
  for (let one = element; one; one = one.parentElement) {
    const colour = style(one).backgroundColor;
    if (colour !== "rgba(0, 0, 0, 0)") return colour;
  }
  return "rgb(255, 255, 255)";
}

// The colour of the last shape of a figure that was filled before a text, and lies under it.
function underneath(text, shapes) {
  const box = text.getBoundingClientRect();
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const under = shapes.filter(({ shape, at }) => at.left <= x && x <= at.right && at.top <= y
    && y <= at.bottom && shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING);
  return under.length ? style(under.at(-1).shape).fill : background(text);
}

function filled(figure) {
  return [...figure.querySelectorAll("rect, path")]
    .filter((shape) => style(shape).fill !== "none" && !shape.hasAttribute("fill-opacity"))
    .filter((shape) => !shape.hasAttribute("opacity") || shape.getAttribute("opacity") === "1")
    .map((shape) => ({ shape, at: shape.getBoundingClientRect() }));
}

function* coloured(page) {
  for (const element of page.body.querySelectorAll("*")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (hasText && !element.closest("svg")) yield [element, style(element).color, background(element)];
  }
  for (const figure of page.querySelectorAll("svg[role='img']")) {
    const shapes = filled(figure);
    for (const { text } of texts(figure)) yield [text, style(text).fill, underneath(text, shapes)];
  }
}

function* faint(page) {
  for (const [element, ...colours] of coloured(page)) {
    const [low, high] = colours.map(luminance).sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < LEAST_CONTRAST) yield `contrast ${contrast.toFixed(1)}: ${told(element)}`;
  }
}

function* unordered(page) {
  let last = 0;
  for (const heading of page.querySelectorAll("h1, h2, h3, h4")) {
    const level = Number(heading.localName[1]);
    if (level > last + 1) yield `after a heading of level ${last}: ${told(heading)}`;
    last = level;
  }
}

function* astray(page) {
  for (const link of page.querySelectorAll('a[href^="#"]')) {
    const target = page.getElementById(link.getAttribute("href").slice(1));
    if (!target) yield `leads nowhere: ${told(link)}`;
  }
}

function texts(figure) {
  return [...figure.querySelectorAll("text, tspan")]
    .filter((text) => ![...text.children].some((part) => part.localName === "tspan"))
    .filter((text) => text.textContent.trim())
    .map((text) => ({ text, box: text.getBoundingClientRect() }));
}

function* illegible(page) {
  for (const figure of page.querySelectorAll("svg[role='img']")) {
    const frame = figure.getBoundingClientRect();
    if (frame.width < 200 || frame.height < 50) yield `no size: ${figure.getAttribute("aria-label")}`;
    if ((figure.getAttribute("aria-label") || "").length < 20) yield `not told in words: ${told(figure)}`;
    const scale = frame.width / Number(figure.getAttribute("width"));
    if (scale < 0.8) yield `shrunk to ${scale.toFixed(2)}: ${told(figure)}`;
    const found = texts(figure);
    for (const [at, { text, box }] of found.entries()) {
      const isIn = box.left > frame.left - SLACK && box.right < frame.right + SLACK
        && box.top > frame.top - SLACK && box.bottom < frame.bottom + SLACK;
      if (!isIn) yield `cut off: ${told(text)}`;
      for (const other of found.slice(at + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > SLACK && down > LINES * scale) yield `${told(text)} on ${told(other.text)}`;
      }
    }
  }
}

function* faults(frame) {
  const page = frame.contentDocument;
  for (const part of page.querySelectorAll("details")) part.open = true;
  yield* overflowing(page, frame.clientWidth);
  yield* faint(page);
  yield* unordered(page);
  yield* astray(page);
  yield* illegible(page);
  for (const one of frame.contentWindow.performance.getEntriesByType("resource")) {
    yield `fetched: ${one.name}`;
  }
}

window.addEventListener("load", () => {
  const frames = [...document.querySelectorAll("iframe")];
  const found = Object.fromEntries(frames.map((frame) => [frame.title, [...faults(frame)]]));
  document.title = JSON.stringify(found);
});
