import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled } from '../../catalog/tools/lint.ts'
import { readSources } from '../../catalog/tools/sources.ts'
import { pick } from '../depth.ts'
import { startTestWorld } from '../world.ts'
import { deployApp, notRunning } from './support/walk-app.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 420_000
const all = (await readSources(bundled.catalog)).filter(({ kind }) => kind === 'app').map(({ name }) => name)
/** The machines of the lab have no graphics card. */
const needsMore = ['vllm']
/** A page alone; one with a database; one with a cache too, and two containers; one that runs as root. */
const few = ['example-app', 'miniflux', 'nextcloud', 'home-assistant']
const walked = pick({ quick: few, ci: all, full: all }).filter((name) => !needsMore.includes(name))

let world: Awaited<ReturnType<typeof startTestWorld>>
const took: string[] = []

beforeAll(async () => {
  world = await startTestWorld({ speed: 200 })
  await walkUntil(world, 'services')
}, limitMs)

afterAll(async () => {
  process.stdout.write(`apps of the catalog, seconds to ready: ${took.join(', ')}\n`)
  await world?.remove()
}, limitMs)

describe('an app of the catalog', () => {
  it.each(walked)(
    '%s is added, deployed and becomes ready, with all it depends on',
    async (name) => {
      const start = performance.now()
      const { status, error } = await deployApp(world, name)
      expect([name, status, error]).toEqual([name, 'completed', undefined])
      took.push(`${name} ${((performance.now() - start) / 1000).toFixed(1)}`)
      expect(await notRunning(world, name)).toEqual([])
    },
    limitMs,
  )

  it.runIf(pick({ quick: false, ci: true, full: true }))(
    'that needs a graphics card says so when no machine has one',
    async () => {
      const { status, error } = await deployApp(world, 'vllm')
      expect(status).toBe('failed')
      expect(JSON.stringify(error)).toMatch(/nvidia/)
    },
    limitMs,
  )
})
