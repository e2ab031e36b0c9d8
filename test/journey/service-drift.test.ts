import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labCommands, startTestWorld } from '../world.ts'
import { kubectl } from './support/kubectl.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
let world: Awaited<ReturnType<typeof startTestWorld>>

const cliWords = (...words: string[]) => succeed(world, ...words)
const cli = (command: string) => cliWords(...command.split(' '))

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 1 })
  await walkUntil(world, 'cluster', 'control-1')
  await cli('service install traefik')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length
const pathOf = (name: string) =>
  join(world.dataDirectory, 'instances/home/setup/cluster-services/traefik/kustomize/traefik', name)
const file = (name = 'deployment.yaml') => readFileSync(pathOf(name), 'utf8')
const classes = () => kubectl(world, ['get', 'ingressclass', '-o', 'name'])
const drift = async (service: string) =>
  (await world.rest('GET', `/instances/home/services/${service}/drift`)).body.data.drift
const settle = (service: string, body: object, plan = '') =>
  world.rest('POST', `/instances/home/services/${service}/drift${plan}`, body)
async function settled(service: string, body: object) {
  const { status, text, body: answer } = await settle(service, body)
  expect([status, text]).toEqual([202, expect.any(String)])
  return world.ended(answer.operation_id)
}
const replicas = async (name: string, namespace: string) =>
  Number(await kubectl(world, ['get', 'deployment', name, '-n', namespace, '-o', 'jsonpath={.spec.replicas}']))
const scale = (name: string, namespace: string, to: number) =>
  kubectl(world, ['patch', 'deployment', name, '-n', namespace, '--type=merge', '-p', `{"spec":{"replicas":${to}}}`])

describe('a service that somebody changed with kubectl', () => {
  it(
    'is shown with what differs and what is gone, by the API and by the CLI, and planning changes nothing',
    async () => {
      expect(await drift('traefik')).toEqual([])
      await scale('traefik', 'traefik', 2)
      await kubectl(world, ['delete', 'ingressclass', 'traefik'])
      const before = mutating()
      expect(await drift('traefik')).toMatchObject([
        {
          object: 'Deployment traefik/traefik',
          missing: false,
          diff: expect.stringMatching(/-\s+replicas: 2\n\+\s+replicas: 1/),
          adoptable: true,
        },
        { object: 'IngressClass traefik', missing: true, adoptable: true },
      ])
      const shown = await cli('service drift traefik')
      expect(shown).toMatch(/IngressClass traefik +was deleted/)
      expect(shown).toMatch(/Deployment traefik\/traefik +was changed/)
      const { body } = await settle('traefik', {}, '?plan=true')
      expect(JSON.stringify(body.data.steps)).toContain('Deployment traefik/traefik would be applied')
      expect(mutating()).toBe(before)
      expect(await replicas('traefik', 'traefik')).toBe(2)
    },
    limitMs,
  )

  it(
    'is put back one object at a time, when a person says which',
    async () => {
      expect(await cliWords('service', 'drift', 'traefik', '--put-back', '--object', 'IngressClass traefik')).toContain(
        'IngressClass traefik is what was deployed',
      )
      expect(await kubectl(world, ['get', 'ingressclass', '-o', 'name'])).toContain('traefik')
      expect(await drift('traefik')).toMatchObject([{ object: 'Deployment traefik/traefik', missing: false }])
      expect(await replicas('traefik', 'traefik')).toBe(2)
      await kubectl(world, ['delete', 'ingressclass', 'traefik'])
    },
    limitMs,
  )

  it(
    'is put back, and then there is nothing to put back',
    async () => {
      expect(await cli('service drift traefik --put-back')).toContain('traefik is what was deployed')
      expect(await replicas('traefik', 'traefik')).toBe(1)
      expect(await kubectl(world, ['get', 'ingressclass', '-o', 'name'])).toContain('traefik')
      expect(await drift('traefik')).toEqual([])
      const before = mutating()
      expect((await settled('traefik', {})).status).toBe('completed')
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'is taken over into its files, and installing it again keeps that',
    async () => {
      await scale('traefik', 'traefik', 2)
      const { status, error } = await settled('traefik', { adopt: true })
      expect([status, error]).toEqual(['completed', undefined])
      expect(file()).toContain('replicas: 2')
      expect(await drift('traefik')).toEqual([])
      const before = mutating()
      await cli('service drift traefik --adopt')
      await cli('service install traefik')
      expect(mutating()).toBe(before)
      expect([await replicas('traefik', 'traefik'), file()]).toEqual([2, expect.stringContaining('replicas: 2')])
    },
    limitMs,
  )

  it(
    'stays without what was deleted once that is taken over: the plan says so, installing it again too, until the patch goes',
    async () => {
      const left = { adopt: true, objects: ['IngressClass traefik'] }
      await kubectl(world, ['delete', 'ingressclass', 'traefik'])
      const plan = await cliWords('service', 'drift', 'traefik', '--adopt', '--plan', '--object', left.objects[0]!)
      expect(plan).toContain('kustomize/traefik/kustomization.yaml would leave out IngressClass traefik')
      expect(plan).not.toContain('IngressClass traefik would be applied')
      expect((await settled('traefik', left)).status).toBe('completed')
      expect(await drift('traefik')).toEqual([])

      const before = mutating()
      expect((await settled('traefik', left)).status).toBe('completed')
      expect(await cli('service install traefik')).toContain('kustomize/traefik/kustomization.yaml')
      expect([mutating(), await classes()]).toEqual([before, ''])

      const whole = file('kustomization.yaml')
      expect(whole).toContain('# IngressClass traefik was deleted in the cluster')
      writeFileSync(pathOf('kustomization.yaml'), whole.slice(0, whole.indexOf('patches:')))
      await cli('service install traefik')
      expect(await classes()).toContain('traefik')
    },
    limitMs,
  )

  it(
    'cannot be without what it runs as: taking that over is refused, and putting it back mends it',
    async () => {
      await kubectl(world, ['delete', 'deployment', 'traefik', '-n', 'traefik'])
      const gone = { object: 'Deployment traefik/traefik', missing: true, adoptable: false }
      expect(await drift('traefik')).toEqual([gone])
      const before = mutating()
      const { status, error } = await settled('traefik', { adopt: true })
      expect([status, error.code, error.details.field, error.message]).toEqual([
        'failed',
        'CONFLICT',
        'adopt',
        expect.stringContaining('Deployment traefik/traefik (Traefik does not run without it)'),
      ])
      expect(mutating()).toBe(before)
      await cli('service drift traefik --put-back')
      expect(await drift('traefik')).toEqual([])
    },
    limitMs,
  )

  it(
    'cannot be taken over where the change has no place in its files: it is refused, and nothing is changed',
    async () => {
      await scale('controller', 'metallb-system', 2)
      expect(await drift('metallb')).toMatchObject([
        { object: expect.stringContaining('controller'), adoptable: false },
      ])
      const before = mutating()
      const { status, error } = await settled('metallb', { adopt: true })
      expect([status, error.code, error.details.field]).toEqual(['failed', 'CONFLICT', 'adopt'])
      expect(mutating()).toBe(before)
      expect((await settled('metallb', { adopt: false })).status).toBe('completed')
      expect(await replicas('controller', 'metallb-system')).toBe(1)
    },
    limitMs,
  )

  it.each([
    ['an unknown service', 'nonsense', {}, 404],
    ['one that is not installed', 'nfs', {}, 404],
    ['a choice that is none', 'traefik', { adopt: 'perhaps' }, 400],
    ['an object that is not its own', 'traefik', { objects: ['Deployment metallb-system/controller'] }, 400],
    ['no object at all', 'traefik', { objects: [] }, 400],
  ])(
    'is refused: %s',
    async (_what, service, body, status) => {
      const before = mutating()
      expect((await settle(service, body)).status).toBe(status)
      expect(mutating()).toBe(before)
    },
    limitMs,
  )
})
