/**
 * A rigid 3-D face laid over some of its points under weak perspective (turned, flattened, scaled, shifted). Points that are
 * missing (NaN) are left out. The square distance has several lowest points once a head is turned, so the search starts from
 * several yaws and keeps the best.
 */

type Vector = readonly number[];
/** By rows. */
type Matrix = readonly Vector[];

export interface RigidFit {
  /** Positive: looks to the right of the picture. −90..90. */
  readonly yawDeg: number;
  /** Positive: leans clockwise. −180..180. */
  readonly rollDeg: number;
  /** Root of the mean square distance of the points there are, image px. */
  readonly residualPx: number;
  /** Every point of the solid as it lies in the picture, also the missing ones: x0, y0, x1, y1, …, image px. */
  readonly laid: Float32Array;
}

const MIN_POINTS = 6;
const STARTS_DEG = [-75, -40, 0, 40, 75] as const;
const STEPS = 300;

/**
 * @param points x0, y0, x1, y1, …, image px; NaN where missing.
 * @param solid (points, 3): x to the right of the picture, y down, z away from the viewer.
 * @returns null for fewer than six points, and for points that span no plane.
 */
export function fitRigid(points: ArrayLike<number>, solid: Matrix): RigidFit | null {
  const there = solid.map((_, k) => k).filter((k) => Number.isFinite(points[2 * k] + points[2 * k + 1]));
  if (there.length < MIN_POINTS) return null;
  const middle = meanOf(there.map((k) => solid[k]));
  const centre = meanOf(there.map((k) => [points[2 * k], points[2 * k + 1]]));
  const bones = there.map((k) => minus(solid[k], middle));
  const flat = there.map((k) => minus([points[2 * k], points[2 * k + 1]], centre));
  const spread = productOf(bones, bones);
  const target = productOf(flat, bones);
  const fits = STARTS_DEG.map((start) => refine(startAt(start, target), target, spread)).filter(({ gain }) =>
    Number.isFinite(gain),
  );
  if (fits.length === 0) return null;
  const best = fits.reduce((one, other) => (other.gain > one.gain ? other : one));
  const { turn, scale } = best;
  const [right, down] = turn;
  const laid = solid.flatMap((bone) => {
    const from = minus(bone, middle);
    return [scale * dot(right, from) + centre[0], scale * dot(down, from) + centre[1]];
  });
  const squares = there.map(
    (k) => (laid[2 * k] - points[2 * k]) ** 2 + (laid[2 * k + 1] - points[2 * k + 1]) ** 2,
  );
  const away = right[1] * down[2] - right[2] * down[1];
  return {
    yawDeg: degrees(Math.asin(Math.max(-1, Math.min(1, away)))),
    rollDeg: degrees(Math.atan2(down[0], right[0])),
    residualPx: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / there.length),
    laid: Float32Array.from(laid),
  };
}

/** The first two rows of a turn by `yawDeg`, rolled as the points want it. */
function startAt(yawDeg: number, target: Matrix): Matrix {
  const yaw = (yawDeg * Math.PI) / 180;
  const right = [Math.cos(yaw), 0, -Math.sin(yaw)];
  const down = [0, 1, 0];
  const cos = dot(target[0], right) + dot(target[1], down);
  const sin = dot(target[1], right) - dot(target[0], down);
  const length = Math.hypot(cos, sin) || 1;
  const [c, s] = [cos / length, sin / length];
  return [right.map((value, i) => c * value - s * down[i]), right.map((value, i) => s * value + c * down[i])];
}

/** Lowers the square distance from `turn` on; `gain` is what the fit takes off the square length of the points. */
function refine(turn: Matrix, target: Matrix, spread: Matrix): { turn: Matrix; scale: number; gain: number } {
  // No less than the largest eigenvalue of the spread, as which it serves.
  const bound = spread[0][0] + spread[1][1] + spread[2][2];
  let scale = 0;
  let gain = 0;
  for (let step = 0; step <= STEPS; step++) {
    const over = turn.map((row) => spread.map((column) => dot(row, column)));
    const along = dot(turn[0], target[0]) + dot(turn[1], target[1]);
    const square = dot(turn[0], over[0]) + dot(turn[1], over[1]);
    scale = along / square;
    gain = scale > 0 ? (along * along) / square : NaN;
    if (step === STEPS) break;
    // The square distance lies under one whose lowest point is known and which touches it here (Kiers 1990).
    turn = nearestTurn(
      turn.map((row, r) => row.map((value, c) => target[r][c] + scale * (bound * value - over[r][c]))),
    );
  }
  return { turn, scale, gain };
}

const degrees = (rad: number): number => (rad * 180) / Math.PI;
const minus = (a: Vector, b: Vector): number[] => a.map((value, i) => value - b[i]);
const meanOf = (rows: Matrix): number[] =>
  rows[0].map((_, c) => rows.reduce((sum, row) => sum + row[c], 0) / rows.length);

/** The first two rows of the rotation nearest to A (2, 3), by the Frobenius norm: (A Aᵀ)^(−1/2) A, the root written out. */
function nearestTurn([first, second]: Matrix): Matrix {
  const a = dot(first, first);
  const b = dot(first, second);
  const c = dot(second, second);
  const root = Math.sqrt(a * c - b * b);
  const [p, q] = [a + root, c + root];
  const factor = Math.sqrt(a + c + 2 * root) / (p * q - b * b);
  return [
    first.map((value, i) => factor * (q * value - b * second[i])),
    first.map((value, i) => factor * (p * second[i] - b * value)),
  ];
}

/** Aᵀ B of matrices with as many rows. */
function productOf(a: Matrix, b: Matrix): Matrix {
  return a[0].map((_, r) => b[0].map((_, c) => a.reduce((sum, row, k) => sum + row[r] * b[k][c], 0)));
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
