import { Command } from 'commander';
import { diagnose } from '../app/doctor.ts';
import { renderReport } from './doctor-report.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

interface DoctorOptions extends DataOptions {
  readonly json?: true;
}

export function doctorCommand({ out, columns }: Terminal): Command {
  const command = new Command('doctor')
    .description('check a database and the settings, and say what to mend; changes nothing')
    .option('--json', 'the findings as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing failed (there may be warnings), 1 a check failed, 2 wrong usage.',
    );
  return withDataOptions(command).action(async (options: DoctorOptions) => {
    const report = await diagnose(configFor(options));
    out(options.json === true ? JSON.stringify(report, null, 2) : renderReport(report, columns));
    if (report.summary.fail > 0) process.exitCode = 1;
  });
}
