import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../world.ts'
import { median, row } from './measure.ts'

/** How much the CLI adds to Node's own start. */
export async function benchCli(): Promise<void> {
  const cli = join(root, 'cli/dist/wild-cli.js')
  const node = await median(15, () => void spawnSync(process.execPath, ['-e', '0']))
  row(
    'wild-cli --version',
    await median(15, () => void spawnSync(process.execPath, [cli, '--version'])),
    'node -e 0',
    node,
  )
  row('wild-cli --help', await median(15, () => void spawnSync(process.execPath, [cli, '--help'])), 'node -e 0', node)
}
