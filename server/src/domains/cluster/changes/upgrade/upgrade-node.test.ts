import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGroup, type Step } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import type { RunTool } from '../../../../platform/run-tool.ts'
import { aContext, runSteps } from '../../../nodes/testing/run-steps.ts'
import { aCluster } from '../../testing/a-cluster.ts'
import { changeWorld } from '../world.ts'
import { upgradeNode } from './upgrade-node.ts'
import { readVersion } from './versions.ts'

const cutOff = () =>
  new WildError('TOOL_FAILED', 'talosctl failed', {
    output: 'rpc error: code = Unavailable desc = "transport: Error while dialing: i/o timeout"',
  })

describe('a node that is upgraded', () => {
  let world: Awaited<ReturnType<typeof aCluster>>
  beforeEach(async () => {
    world = await aCluster(undefined, '127.119.23')
    await world.deps.config.set('home', [{ path: 'cluster.nodes.talos.schematicId', value: 'a'.repeat(64) }], {
      via: 'cli',
      reason: 'test',
    })
  })
  afterEach(() => world.close())

  /** The step that orders it; `answer` is what the machine says to `upgrade`, and which Talos it tells, if any. */
  async function upgrade(answer: { version(): string | undefined; upgrade(): void }) {
    const run: RunTool = async (call) => {
      if (call.args[0] === 'upgrade') answer.upgrade()
      else if (call.args[0] !== 'get' || call.args[1] !== 'version') return world.run(call)
      const version = answer.version()
      if (!version) throw cutOff()
      const resource = { metadata: { id: 'version' }, spec: { version } }
      return { stdout: JSON.stringify(resource), stderr: '', exitCode: 0 }
    }
    const { context, said } = aContext(run)
    const w = changeWorld(world.deps as never, 'home', 'test')
    const group = upgradeNode(w, 'control-1', readVersion('v1.11.6')!)
    const step = group.steps.find((one): one is Step => !isGroup(one) && one.name === 'upgrade')!
    return { said, outcome: await runSteps([step], context).catch((error) => error as WildError) }
  }

  it('and never answers again ends with its name, its screen, its boot menu and the way without it', async () => {
    let version: string | undefined = 'v1.11.5'
    let orders = 0
    const { outcome } = await upgrade({
      version: () => version,
      upgrade: () => {
        version = undefined
        orders++
      },
    })
    expect(orders).toBe(1)
    expect(outcome).toMatchObject({
      code: 'OPERATION_FAILED',
      message: expect.stringMatching(
        /control-1.*did not come back.*nodes after it are left.*To go on:.*screen.*cluster upgrade --talos v1.11.6.*To go back:.*boot menu.*node rollback control-1.*node remove control-1 --gone/,
      ),
      details: { node: 'control-1', back: 'wild-cli node rollback control-1' },
    })
  })

  it('while the network is cut is told once more when it answers, and not when it took the order', async () => {
    let version = 'v1.11.5'
    let orders = 0
    const lost = await upgrade({
      version: () => version,
      upgrade: () => {
        if (++orders === 1) throw cutOff()
        version = 'v1.11.6'
      },
    })
    expect([lost.outcome, orders]).toEqual([{ 'Upgrading control-1 to Talos v1.11.6': 'done' }, 2])

    version = 'v1.11.5'
    orders = 0
    const taken = await upgrade({
      version: () => version,
      upgrade: () => {
        orders++
        version = 'v1.11.6'
        throw cutOff()
      },
    })
    expect([taken.outcome, orders]).toEqual([{ 'Upgrading control-1 to Talos v1.11.6': 'done' }, 1])
  })
})
