// Draws the gadget: its case, the ring of LEDs, and the pixels of the display.
// Knows nothing of mail or of the connection; page.js tells it what to show.

const TURN = 2 * Math.PI;
const MARGIN = 0.2; // how far the canvas reaches beyond the gadget, for what its light throws
const RING = 0.407; // radii, in widths of the gadget
const RING_WIDTH = 0.066;
const CASE = 0.468;
const FACE = 0.366;
const CALM_MS = 900; // with reduced motion, how slowly the drawn light follows the real one

/** A strip's byte levels as what an eye makes of them: hue at full, and a strength of 0 to 1.
 *  Eyes are about logarithmic: 2 % in a dim room is plainly lit, so it must be here. */
function seen([red, green, blue]) {
  const peak = Math.max(red, green, blue);
  if (peak < 0.5) return null;
  const strength = Math.min(1, 0.3 + 0.7 * (peak / 255) ** 0.42);
  return { hue: [red, green, blue].map((level) => Math.round((255 * level) / peak)), strength };
}

const rgba = (hue, alpha) => `rgba(${hue.join()},${alpha})`;
const towardsWhite = (hue, part) => hue.map((level) => Math.round(level + (255 - level) * part));

export class Lamp {
  constructor(canvas) {
    this.canvas = canvas;
    this.light = [];
    this.shown = [];
    this.drawnAt = 0;
    this.pending = 0;
    this.theme = null; // until it was fitted for the first time
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.fit());
    new ResizeObserver(() => this.fit()).observe(canvas);
  }

  show(light) {
    this.light = light;
    if (this.shown.length !== light.length) this.shown = light.map((pixel) => [...pixel]);
    this.schedule();
  }

  fit() {
    const side = Math.round(this.canvas.clientWidth * devicePixelRatio);
    this.canvas.width = this.canvas.height = side;
    const style = getComputedStyle(this.canvas);
    this.theme = (name) => style.getPropertyValue("--" + name).trim();
    this.draw();
  }

  schedule() {
    this.pending ||= requestAnimationFrame((now) => {
      this.pending = 0;
      if (this.follow(now)) this.schedule();
      this.draw();
    });
  }

  /** Move what is drawn towards the real light; true while it is still on its way. */
  follow(now) {
    const part = this.calm.matches ? Math.min(1, (now - this.drawnAt) / CALM_MS) : 1;
    this.drawnAt = now;
    let isMoving = false;
    this.shown.forEach((pixel, index) => {
      for (let c = 0; c < 3; c++) {
        const gap = this.light[index][c] - pixel[c];
        pixel[c] += Math.abs(gap) < 0.5 ? gap : gap * part;
        isMoving ||= Math.abs(this.light[index][c] - pixel[c]) >= 0.5;
      }
    });
    return isMoving;
  }

  draw() {
    const side = this.canvas.width;
    if (!side || !this.theme) return;
    const pen = this.canvas.getContext("2d");
    const unit = side / (1 + 2 * MARGIN); // the gadget is one unit wide
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, side, side);
    pen.setTransform(unit, 0, 0, unit, MARGIN * unit, MARGIN * unit);
    const lights = this.shown.map((pixel, index) => {
      const angle = (index / this.shown.length) * TURN - TURN / 4;
      return { x: 0.5 + RING * Math.cos(angle), y: 0.5 + RING * Math.sin(angle), ...seen(pixel) };
    });
    const lit = lights.filter((light) => light.hue);
    this.drawSpill(pen, lit);
    this.drawCase(pen);
    this.drawRing(pen, lights, lit);
    this.drawFace(pen);
  }

  /** What the light throws on the desk and the wall behind. */
  drawSpill(pen, lit) {
    const share = Number(this.theme("spill")) / Math.max(4, lit.length);
    for (const { x, y, hue, strength } of lit) {
      glow(pen, x, y, 0.28, hue, strength * share);
    }
  }

  drawCase(pen) {
    const body = pen.createLinearGradient(0, 0.05, 0, 0.95);
    body.addColorStop(0, this.theme("case-top"));
    body.addColorStop(1, this.theme("case-bottom"));
    pen.save();
    pen.shadowColor = this.theme("shadow");
    pen.shadowBlur = 0.035 * this.canvas.width;
    pen.shadowOffsetY = 0.014 * this.canvas.width;
    disc(pen, CASE, body);
    pen.restore();
    pen.lineWidth = 0.0025;
    pen.strokeStyle = this.theme("case-edge");
    pen.stroke();
    pen.lineWidth = RING_WIDTH;
    pen.strokeStyle = this.theme("groove");
    circle(pen, RING);
    pen.stroke();
  }

  drawRing(pen, lights, lit) {
    for (const { x, y, hue } of lights) if (!hue) dot(pen, x, y, 0.012, this.theme("lens"));
    pen.save();
    circle(pen, RING + RING_WIDTH / 2);
    pen.arc(0.5, 0.5, RING - RING_WIDTH / 2, 0, TURN, true);
    pen.clip(); // the diffuser keeps most of the light
    for (const { x, y, hue, strength } of lit) glow(pen, x, y, 0.1, hue, strength);
    pen.restore();
    for (const { x, y, hue, strength } of lit) {
      glow(pen, x, y, 0.085, hue, strength * 0.45);
      glow(pen, x, y, 0.03, towardsWhite(hue, 0.75), strength * 0.9);
    }
  }

  drawFace(pen) {
    const glass = pen.createLinearGradient(0.2, 0.2, 0.8, 0.8);
    glass.addColorStop(0, "#15181c");
    glass.addColorStop(0.5, "#08090b");
    glass.addColorStop(1, "#0d0f12");
    disc(pen, FACE, glass);
    pen.lineWidth = 0.003;
    pen.strokeStyle = "rgba(255,255,255,0.09)";
    pen.stroke();
  }
}

export class Panel {
  constructor(canvas) {
    this.canvas = canvas;
    this.picture = null;
    new ResizeObserver(() => this.fit()).observe(canvas.parentElement);
  }

  /** `bits`: base64, one bit for each pixel, row by row, the highest bit of a byte leftmost. */
  show({ width, height, bits, level }) {
    const bytes = Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0));
    this.picture = { width, height, bytes, level };
    this.fit();
  }

  /** Whole device pixels for each pixel of the panel: anything else would blur it. */
  fit() {
    if (!this.picture) return;
    const { width, height } = this.picture;
    const room = this.canvas.parentElement.clientWidth * devicePixelRatio * 0.62; // what the face has room for
    this.scale = Math.max(1, Math.floor(room / width));
    this.canvas.width = width * this.scale;
    this.canvas.height = height * this.scale;
    this.canvas.style.width = `${this.canvas.width / devicePixelRatio}px`;
    this.canvas.style.height = `${this.canvas.height / devicePixelRatio}px`;
    this.draw();
  }

  draw() {
    const { width, height, bytes, level } = this.picture;
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.fillStyle = `rgba(214,236,255,${0.45 + 0.55 * Math.sqrt(level)})`;
    for (let at = 0; at < width * height; at++) {
      if (bytes[at >> 3] & (0x80 >> (at & 7))) {
        const x = (at % width) * this.scale;
        pen.fillRect(x, Math.floor(at / width) * this.scale, this.scale, this.scale);
      }
    }
  }
}

function circle(pen, radius) {
  pen.beginPath();
  pen.arc(0.5, 0.5, radius, 0, TURN);
}

function disc(pen, radius, fill) {
  circle(pen, radius);
  pen.fillStyle = fill;
  pen.fill();
}

function dot(pen, x, y, radius, fill) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, TURN);
  pen.fillStyle = fill;
  pen.fill();
}

function glow(pen, x, y, radius, hue, alpha) {
  const fade = pen.createRadialGradient(x, y, 0, x, y, radius);
  fade.addColorStop(0, rgba(hue, alpha));
  fade.addColorStop(0.35, rgba(hue, alpha * 0.6));
  fade.addColorStop(0.7, rgba(hue, alpha * 0.15));
  fade.addColorStop(1, rgba(hue, 0));
  dot(pen, x, y, radius, fade);
}
