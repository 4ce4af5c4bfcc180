import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TEST_KEYS } from '../../test/harness/audited.ts';
import { createLogger } from '../telemetry/logger.ts';
import { startAuditUpkeep } from './audit-upkeep.ts';

function upkeep(store: Parameters<typeof startAuditUpkeep>[0]['store']) {
  const logged: unknown[] = [];
  const logger = createLogger({
    level: 'info',
    destination: { write: (line) => logged.push(JSON.parse(line).message) },
  });
  const started = startAuditUpkeep({
    ...{ store, key: TEST_KEYS.current, retentionMonths: 3, logger },
    ...{ watchMs: 1, partitionsMs: 1 },
  });
  return { logged, started };
}

it('keeps partitions first, then both again and again until it is stopped, whatever fails meanwhile', async () => {
  let kept = 0;
  let watched = 0;
  const { logged, started } = upkeep({
    keepPartitions: async (_, months) => {
      kept += 1;
      return months === 3 && kept === 1 ? ['old'] : [];
    },
    watch: async () => {
      watched += 1;
      if (watched === 1) throw new RangeError('down');
      return watched === 2 ? 4 : undefined;
    },
  });
  const running = await started;
  expect(kept).toBe(1);
  await expect.poll(() => kept > 2 && watched > 2).toBe(true);
  await running.stop();
  const seen = [kept, watched];
  await setTimeout(20);
  expect([kept, watched]).toEqual(seen);
  expect(logged).toEqual(['audit_partitions_dropped', 'audit_upkeep_failed', 'anomalies_recorded']);
});

it('does not begin where the partitions can not be made', async () => {
  const { started } = upkeep({
    keepPartitions: () => Promise.reject(new RangeError('down')),
    watch: async () => 0,
  });
  await expect(started).rejects.toThrow('down');
});
