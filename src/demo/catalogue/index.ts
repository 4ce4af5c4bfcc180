import type { CatalogueCategory } from './category.ts';
import { electrical } from './electrical.ts';
import { garden } from './garden.ts';
import { handTools } from './hand-tools.ts';
import { hardware } from './hardware.ts';
import { lumber } from './lumber.ts';
import { paint } from './paint.ts';
import { plumbing } from './plumbing.ts';
import { powerTools } from './power-tools.ts';
import { storage } from './storage.ts';

export const CATALOGUE: readonly CatalogueCategory[] = [
  handTools,
  powerTools,
  paint,
  hardware,
  lumber,
  electrical,
  plumbing,
  garden,
  storage,
];
