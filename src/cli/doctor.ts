import { Command } from 'commander';
import { diagnose } from '../app/doctor.ts';
import { attackAndReport } from './attack-report.ts';
import { renderReport } from './doctor-report.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

interface DoctorOptions extends DataOptions {
  readonly attack?: true;
  readonly json?: true;
}

export function doctorCommand(terminal: Terminal): Command {
  const { out, columns } = terminal;
  const command = new Command('doctor')
    .description('check a database and the settings, and say what to mend; changes nothing')
    .option('--attack', 'attack it instead, through both walls, with canary rows that come and go')
    .option('--json', 'the findings as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing failed (there may be warnings) and nothing leaked, 1 a check failed or something leaked, 2 wrong usage.',
    );
  return withDataOptions(command).action(async (options: DoctorOptions) => {
    const config = await configFor(options);
    if (options.attack === true) {
      await attackAndReport(config, terminal, { json: options.json === true });
      return;
    }
    const report = await diagnose(config);
    out(options.json === true ? JSON.stringify(report, null, 2) : renderReport(report, columns));
    if (report.summary.fail > 0) process.exitCode = 1;
  });
}
