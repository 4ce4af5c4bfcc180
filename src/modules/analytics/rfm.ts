/**
 * RFM: customers scored 1 (lowest fifth) to 5 (highest fifth) by how Recently, how Frequently and for how much Money they
 * bought; PostgreSQL's ntile(5) gives the scores. Rules are tried from the top, the first that fits names the segment.
 */
export interface RfmScores {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

interface Segment {
  readonly name: string;
  /** The thresholds in words, for the answer. */
  readonly rule: string;
  readonly fits: (scores: RfmScores) => boolean;
}

const SEGMENTS: readonly Segment[] = [
  {
    name: 'champions',
    rule: 'R>=4 F>=4 M>=4',
    fits: (s) => s.recency >= 4 && s.frequency >= 4 && s.monetary >= 4,
  },
  { name: 'loyal', rule: 'R>=3 F>=4', fits: (s) => s.recency >= 3 && s.frequency >= 4 },
  { name: 'big_spenders', rule: 'R>=3 M=5', fits: (s) => s.recency >= 3 && s.monetary === 5 },
  { name: 'potential_loyal', rule: 'R>=4 F=2..3', fits: (s) => s.recency >= 4 && s.frequency >= 2 },
  { name: 'new', rule: 'R>=4 F=1', fits: (s) => s.recency >= 4 },
  { name: 'need_attention', rule: 'R=3', fits: (s) => s.recency === 3 },
  { name: 'cannot_lose', rule: 'R<=2 F>=4 M>=4', fits: (s) => s.frequency >= 4 && s.monetary >= 4 },
  { name: 'at_risk', rule: 'R<=2 F>=3', fits: (s) => s.frequency >= 3 },
  { name: 'hibernating', rule: 'R=2 F<=2', fits: (s) => s.recency === 2 },
  { name: 'lost', rule: 'R=1 F<=2', fits: () => true },
];

export const SEGMENT_RULES: ReadonlyMap<string, string> = new Map(
  SEGMENTS.map(({ name, rule }) => [name, rule]),
);

export function segmentOf(scores: RfmScores): string {
  return SEGMENTS.find((segment) => segment.fits(scores))?.name ?? 'lost';
}
