/** Rotations by rows, r00, r01, …, r22, in right-handed axes: x to the right of the picture, y up, z to the viewer. */

export type Rotation = Float64Array;
export type Vector = readonly [number, number, number];

export interface Angles {
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
}

/** Beyond 75° of yaw, pitch and roll become one rotation in the picture; pitch fades to 0 there, and roll takes it over. */
const FADE_COSINE = Math.cos((75 * Math.PI) / 180);

/** `one` after `other`. */
export function product(one: Rotation, other: Rotation): Rotation {
  const result = new Float64Array(9);
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++)
      result[3 * r + c] =
        one[3 * r] * other[c] + one[3 * r + 1] * other[3 + c] + one[3 * r + 2] * other[6 + c];
  return result;
}

export function inverse(r: Rotation): Rotation {
  return Float64Array.of(r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]);
}

export function rotate(r: Rotation, x: number, y: number, z: number): Vector {
  return [r[0] * x + r[1] * y + r[2] * z, r[3] * x + r[4] * y + r[5] * z, r[6] * x + r[7] * y + r[8] * z];
}

/** By the length of a vector in radians about it (Rodrigues). */
export function rotationBy([x, y, z]: Vector): Rotation {
  const angle = Math.hypot(x, y, z);
  const a = angle < 1e-8 ? 1 : Math.sin(angle) / angle;
  const b = angle < 1e-8 ? 0.5 : (1 - Math.cos(angle)) / angle ** 2;
  return Float64Array.of(
    1 - b * (y * y + z * z), b * x * y - a * z, b * x * z + a * y,
    b * x * y + a * z, 1 - b * (x * x + z * z), b * y * z - a * x,
    b * x * z - a * y, b * y * z + a * x, 1 - b * (x * x + y * y),
  ); // prettier-ignore
}

/** The rotation that brings a camera that looks along −z to a direction: about y, after one about x. */
export function sightRotation([x, y, z]: Vector): Rotation {
  const across = Math.hypot(x, z);
  const whole = Math.hypot(across, y);
  const [sy, cy] = [-x / across, -z / across];
  const [sx, cx] = [y / whole, across / whole];
  return Float64Array.of(cy, sy * sx, sy * cx, 0, cx, -sx, -sy, cy * sx, cy * cx);
}

/** Roll · yaw · pitch, as `HeadPose` has them. */
export function rotationOf({ yawDeg, pitchDeg, rollDeg }: Angles): Rotation {
  const [yaw, pitch, roll] = [yawDeg, pitchDeg, rollDeg].map((angle) => (angle * Math.PI) / 180);
  const about = (x: number, y: number, z: number) => rotationBy([x, y, z]);
  return product(product(about(0, 0, -roll), about(0, yaw, 0)), about(-pitch, 0, 0));
}

/** Inverse to `rotationOf` up to 75° of yaw; nothing jumps anywhere up to 90° and somewhat beyond. */
export function anglesOf(r: Rotation): Angles {
  const [sine, cosine] = [-r[7], r[8]];
  // tan(pitch) = sine / cosine, the more damped the nearer both are to 0: their length is the cosine of yaw.
  const fade = Math.max(0, FADE_COSINE - Math.hypot(sine, cosine));
  const pitch = Math.atan((sine * cosine) / (cosine ** 2 + fade ** 2));
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  const roll = Math.atan2(cp * r[1] + sp * r[2], cp * r[4] + sp * r[5]);
  const yaw = Math.atan2(-r[6], cp * r[8] - sp * r[7]);
  const degrees = (rad: number) => (rad * 180) / Math.PI;
  return { yawDeg: degrees(yaw), pitchDeg: degrees(pitch), rollDeg: degrees(roll) };
}
