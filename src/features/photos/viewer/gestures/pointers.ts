/** Mouse, pen and touch on the viewer's canvas as four things a person means: tap, drag, pan and zoom. */

import type { Point } from '../../../../engine/geometry';

export interface Press {
  /** CSS px of the element. */
  readonly place: Point;
  readonly pointerType: string;
  readonly shiftKey: boolean;
}

/** Something that follows the pointer until it is let go. */
export interface Drag {
  /** @param place where the pointer is now, CSS px of the element */
  move(place: Point): void;
  end(): void;
  /** A second finger came down: it was the start of a pinch. What was done is to be taken back. */
  cancel(): void;
}

export interface PointerHandlers {
  /** What a press here starts to drag, or null when it is to pan the picture. */
  press(press: Press): Drag | null;
  /** Pressed and let go in the same place, while nothing was dragged. */
  tap(press: Press): void;
  doubleTap(press: Press): void;
  pan(dx: number, dy: number): void;
  zoom(at: Point, factor: number): void;
}

/** A pointer that moves less than this has tapped, CSS px. Fingers tremble. */
const tapSlackPx = { finger: 8, other: 2 };
/** Two taps as near as this are a double one, CSS px. */
const doubleTapPx = 24;
const doubleTapMs = 350;
/** Zoom for each px of a wheel; a notch of 100 px is a quarter more. */
const zoomPerWheelPx = Math.log(1.25) / 100;
/** A pinch on a touch pad comes as a wheel with Ctrl, in far smaller steps. */
const zoomPerPinchPx = Math.log(2) / 70;
const wheelLinePx = 33;

interface Finger {
  readonly start: Press;
  at: Point;
  moved: boolean;
}

/** @returns takes the listeners off */
export function listenToPointers(element: HTMLElement, handlers: PointerHandlers): () => void {
  const fingers = new Map<number, Finger>();
  let drag: Drag | null = null;
  let pinched = false;
  let lastTap: { readonly place: Point; readonly timeMs: number } | null = null;

  const placeOf = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  function onDown(event: PointerEvent) {
    if (event.button !== 0 && event.button !== 1) return;
    const { pointerType, shiftKey } = event;
    const start: Press = { place: placeOf(event), pointerType, shiftKey };
    fingers.set(event.pointerId, { start, at: start.place, moved: false });
    element.setPointerCapture(event.pointerId);
    if (fingers.size === 1) {
      pinched = false;
      // The middle button always pans, also where it would drag a point.
      drag = event.button === 0 ? handlers.press(start) : null;
    } else {
      pinched = true;
      drag?.cancel();
      drag = null;
    }
  }

  function onMove(event: PointerEvent) {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = [...fingers.values()].map(({ at }) => at);
    const place = placeOf(event);
    const slack = Math.hypot(place.x - finger.start.place.x, place.y - finger.start.place.y);
    const allowed = finger.start.pointerType === 'touch' ? tapSlackPx.finger : tapSlackPx.other;
    if (!finger.moved && slack < allowed && fingers.size === 1) return;
    finger.moved = true;
    const last = finger.at;
    finger.at = place;
    if (fingers.size > 1)
      pinch(
        before,
        [...fingers.values()].map(({ at }) => at),
      );
    else if (drag) drag.move(place);
    else handlers.pan(place.x - last.x, place.y - last.y);
  }

  function pinch(before: readonly Point[], after: readonly Point[]) {
    const [from, to] = [middleOf(before), middleOf(after)];
    handlers.pan(to.x - from.x, to.y - from.y);
    const [apart, now] = [distanceOf(before), distanceOf(after)];
    if (apart > 0 && now > 0) handlers.zoom(to, now / apart);
  }

  function onUp(event: PointerEvent) {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    fingers.delete(event.pointerId);
    if (fingers.size > 0) return;
    drag?.end();
    drag = null;
    if (!finger.moved && !pinched) tap(finger.start, event.timeStamp);
  }

  function tap(start: Press, timeMs: number) {
    const isDouble =
      lastTap !== null &&
      timeMs - lastTap.timeMs < doubleTapMs &&
      Math.hypot(start.place.x - lastTap.place.x, start.place.y - lastTap.place.y) < doubleTapPx;
    lastTap = isDouble ? null : { place: start.place, timeMs };
    if (isDouble) handlers.doubleTap(start);
    else handlers.tap(start);
  }

  function onCancel(event: PointerEvent) {
    if (!fingers.delete(event.pointerId)) return;
    drag?.cancel();
    drag = null;
  }

  function onWheel(event: WheelEvent) {
    event.preventDefault();
    const px = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * wheelLinePx;
    handlers.zoom(placeOf(event), Math.exp(-px * (event.ctrlKey ? zoomPerPinchPx : zoomPerWheelPx)));
  }

  element.addEventListener('pointerdown', onDown);
  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerup', onUp);
  element.addEventListener('pointercancel', onCancel);
  element.addEventListener('wheel', onWheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', onDown);
    element.removeEventListener('pointermove', onMove);
    element.removeEventListener('pointerup', onUp);
    element.removeEventListener('pointercancel', onCancel);
    element.removeEventListener('wheel', onWheel);
  };
}

function middleOf(places: readonly Point[]): Point {
  const sum = places.reduce((one, other) => ({ x: one.x + other.x, y: one.y + other.y }));
  return { x: sum.x / places.length, y: sum.y / places.length };
}

/** Between the first two fingers; more do not count. */
function distanceOf([one, other]: readonly Point[]): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
