import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { root, startTestWorld } from '../world.ts'

const limitMs = 420_000
const at = '/instances/home'

let world: Awaited<ReturnType<typeof startTestWorld>>

beforeAll(async () => {
  world = await startTestWorld({ speed: 200 })
  const untilServices = journey.findIndex(([group]) => group === 'service')
  for (const args of journey.slice(0, untilServices)) {
    const { code, output } = await wildCli(root, world, args)
    if (code) throw new Error(`${args.join(' ')} ended with ${code}: ${output}`)
  }
}, limitMs)

afterAll(() => world?.remove(), limitMs)

async function ended(path: string, body: unknown = {}) {
  const { status, text, body: answer } = await world.rest('POST', `${at}${path}`, body)
  if (status !== 202) throw new Error(`${path} answered ${status}: ${text}`)
  return world.ended(answer.operation_id)
}

const service = async (name: string) => (await world.rest('GET', `${at}/services/${name}`)).body.data

describe('all services on a fresh cluster', () => {
  it(
    'are installed, core ones healthy, and what is left out is named with the way to have it',
    async () => {
      const { status, error, result } = await ended('/services/install-all')
      expect([status, error]).toEqual(['completed', undefined])
      expect(
        Object.fromEntries(result.left_out.map(({ name, reason }: Record<string, string>) => [name, reason])),
      ).toEqual({
        externaldns: expect.stringContaining('wild-cli secret set cloudflare.token'),
        nfs: expect.stringMatching(/cloud\.nfs\.host, cloud\.nfs\.mediaPath/),
        smtp: expect.stringContaining('wild-cli config set cloud.smtp.host VALUE'),
        'node-feature-discovery': expect.stringContaining('wild-cli service install node-feature-discovery'),
        'nvidia-device-plugin': expect.stringContaining('on request'),
        utils: expect.stringContaining('on request'),
      })
      const { services } = (await world.rest('GET', `${at}/services`)).body.data
      const core = services.filter(({ core: every }: { core: boolean }) => every)
      expect(core.map(({ name, status: state }: Record<string, string>) => [name, state])).toEqual(
        ['cert-manager', 'coredns', 'longhorn', 'metallb', 'traefik'].map((name) => [name, 'running']),
      )
    },
    limitMs,
  )

  it(
    'that nothing was given for are refused with everything they lack, and change nothing',
    async () => {
      for (const [name, field] of [
        ['nfs', 'cloud.nfs.host'],
        ['externaldns', 'cloudflare.token'],
        ['smtp', 'cloud.smtp.host'],
      ]) {
        const { status, body } = await world.rest('POST', `${at}/services`, { name })
        expect([name, status, body.error.details.field]).toEqual([name, 400, field])
        expect((await service(name!)).status).toBe('not_installed')
      }
    },
    limitMs,
  )
})

describe('a service that is not installed with all', () => {
  it.each(['node-feature-discovery', 'utils', 'kubernetes-dashboard'])(
    '%s is installed when asked for and becomes ready',
    async (name) => {
      const { status, error } = await ended('/services', { name })
      expect([name, status, error]).toEqual([name, 'completed', undefined])
      expect((await service(name)).status).toBe('running')
    },
    limitMs,
  )
})
