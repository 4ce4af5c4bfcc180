/** What is made of an answer of `npm audit --json`. */
export interface AuditVerdict {
  readonly passed: boolean;
  readonly said: string;
}

interface Report {
  readonly auditReportVersion: number;
  readonly vulnerabilities: Readonly<Record<string, { readonly severity: string; readonly range?: string }>>;
}

const SEVERE: ReadonlySet<string> = new Set(['high', 'critical']);

/** An answer names what it found; anything that is no answer (an error, HTML of a proxy, nothing) tells nothing. */
export function judgeAudit(output: string): AuditVerdict {
  const report = parse(output);
  if (report === undefined)
    return { passed: true, said: 'audit: not answered by the registry; nothing is known' };
  const found = Object.entries(report.vulnerabilities);
  const severe = found.filter(([, { severity }]) => SEVERE.has(severity));
  const lines = severe.map(([name, { severity, range = '' }]) => `${name} ${range}: ${severity}`);
  const summary = `audit: ${found.length} packages with known holes, ${severe.length} of them high or critical`;
  return { passed: severe.length === 0, said: [...lines, summary].join('\n') };
}

function parse(output: string): Report | undefined {
  try {
    const answer: unknown = JSON.parse(output);
    return isReport(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function isReport(answer: unknown): answer is Report {
  if (typeof answer !== 'object' || answer === null) return false;
  return 'auditReportVersion' in answer && 'vulnerabilities' in answer && answer.vulnerabilities !== null;
}
