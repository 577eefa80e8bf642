'use client';

import { useEffect } from 'react';
import { createEngine } from 'mien';
import { sayPoints } from '../say-points.js';

export default function Page() {
  useEffect(() => void sayPoints(createEngine), []);
  return <output></output>;
}
