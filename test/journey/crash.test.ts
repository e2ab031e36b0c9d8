import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { endProcess, labCommands, root, startTestWorld } from '../world.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 180_000
let world: Awaited<ReturnType<typeof startTestWorld>>
beforeAll(async () => {
  world = await startTestWorld({ speed: 20 })
  await walkUntil(world, 'nodes')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

type State = { data: { operation: { status: string; steps: { title: string; state: string }[] } } }

/** Starts an operation and resolves with its id once the step is under way. */
async function untilStep(path: string, step: string): Promise<string> {
  const { body } = await world.rest('POST', `/instances/home${path}`, {})
  const query = 'subscription ($id: String!) { operation(id: $id) { status steps { title state } } }'
  const client = world.socket()
  for await (const { data } of client.iterate({
    query,
    variables: { id: body.operation_id },
  }) as AsyncIterable<State>) {
    const found = data.operation.steps.find(({ title }) => title === step)
    if (found && found.state !== 'pending') break
    if (data.operation.status !== 'running' && data.operation.status !== 'pending')
      throw new Error(`it ended before "${step}"`)
  }
  await client.dispose()
  return body.operation_id
}

/** Kills the daemon as a power cut would, and starts it again. */
async function powerCut(): Promise<void> {
  await endProcess(world.daemon, 'SIGKILL')
  await world.restartDaemon()
}

describe('a daemon that is killed', () => {
  it(
    'in the middle of a bootstrap says so, holds no lock, and the same command again ends in a healthy cluster',
    async () => {
      const id = await untilStep('/cluster/bootstrap', 'Bootstrapping etcd cluster')
      await powerCut()
      const record = (await world.rest('GET', `/operations/${id}`)).body.data
      expect([record.status, record.error.code]).toEqual(['failed', 'DAEMON_RESTARTED'])
      expect((await world.rest('GET', '/operations?status=running')).body.data.operations).toEqual([])
      const { code, output } = await wildCli(root, world, ['cluster', 'bootstrap'])
      expect([code, output]).toEqual([0, expect.stringContaining('The cluster is bootstrapped.')])
      expect((await world.rest('GET', '/instances/home/cluster/health')).body.data.status).toBe('healthy')
      const bootstraps = labCommands(world.dataDirectory).filter(
        ({ argv, exit }) => argv[0] === 'bootstrap' && exit === 0,
      )
      expect(bootstraps.length).toBeLessThanOrEqual(1)
    },
    limitMs,
  )

  it(
    'while services install goes on from there when it is run again',
    async () => {
      const id = await untilStep('/services/install-all', 'Installing Traefik')
      await powerCut()
      const { status, body } = await world.rest('POST', `/operations/${id}/retry`)
      expect(status).toBe(202)
      const record = await world.ended(body.operation_id)
      expect([record.status, record.error]).toEqual(['completed', undefined])
      expect(record.steps.find(({ title }: { title: string }) => title === 'Installing MetalLB').state).toBe('skipped')
    },
    limitMs,
  )

  it(
    'together with the lab finds everything as it was',
    async () => {
      await endProcess(world.lab, 'SIGKILL')
      await endProcess(world.daemon, 'SIGKILL')
      await world.restartLab()
      await world.restartDaemon()
      const { code, output } = await wildCli(root, world, ['service', 'install-all'])
      expect([code, code ? output : '']).toEqual([0, ''])
    },
    limitMs,
  )
})

describe('cancelling', () => {
  it(
    'ends a deployment at once, and deploying again completes it',
    async () => {
      await wildCli(root, world, ['app', 'add', 'ghost'])
      const id = await untilStep('/apps/ghost/deploy', 'Starting MySQL')
      expect((await world.rest('POST', `/operations/${id}/cancel`)).status).toBe(202)
      expect((await world.ended(id)).status).toBe('cancelled')
      const { code, output } = await wildCli(root, world, ['app', 'deploy', 'ghost'])
      expect([code, code ? output : '']).toEqual([0, ''])
    },
    limitMs,
  )
})
