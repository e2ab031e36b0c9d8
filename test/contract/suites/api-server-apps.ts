import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundled } from '../../../catalog/tools/lint.ts'
import { readSources } from '../../../catalog/tools/sources.ts'
import { journey, wildCli } from '../../../lab/demo/journey.ts'
import { walkApp } from '../../journey/support/walk-app.ts'
import { root, startTestWorld } from '../../world.ts'
import { parts } from '../api-server/arguments.ts'
import { lendHands } from '../api-server/hands.ts'
import { startRig } from '../api-server/rig.ts'
import { outcome, type Suite } from '../suite.ts'
import { giveNodes } from './api-server.ts'

/** The steps of the journey that only write settings. */
const settings = journey.slice(
  0,
  journey.findIndex(([group]) => group === 'node'),
)
/** Needs a graphics card. */
const left = ['vllm']

/**
 * Our daemon installs all services on a real API server and walks every app: add, deploy, status, delete, by the same
 * code as the tests on the lab. The API goes away in the middle of every fifth deployment.
 */
export const apiServerAppsSuite: Suite = {
  title: 'services and apps on a real API server',
  needs: [...parts.map(({ name }) => name), 'kubectl'],
  async run(tools) {
    const result = outcome()
    const names = (await readSources(bundled.catalog)).filter(({ kind }) => kind === 'app').map(({ name }) => name)
    const rig = await startRig(tools)
    const world = await startTestWorld({ machines: 1, programs: { kubectl: tools.get('kubectl') } })
    let hands: ReturnType<typeof lendHands> | undefined
    try {
      await giveNodes(tools, rig, ['node-1', 'node-2', 'node-3'])
      hands = lendHands(tools, rig)
      for (const args of settings) {
        const { code, output } = await wildCli(root, world, args)
        if (code !== 0) throw new Error(`wild-cli ${args.join(' ')}: ${output.trim()}`)
      }
      placeKubeconfig(world.dataDirectory, rig.kubeconfig)
      const installed = await world.rest('POST', '/instances/home/services/install-all', {})
      const { status, error } = await world.ended(installed.body.operation_id)
      result.same('install-all', ['completed', undefined], [status, error?.message])
      for (const [index, name] of names.filter((one) => !left.includes(one)).entries()) {
        const disturb = index % 5 === 4 ? () => rig.restartApi(2_000) : undefined
        result.same(`${name}: add, deploy, status, delete`, 'ok', await walkApp(world, name, { disturb }))
      }
    } finally {
      await hands?.stop()
      await world.remove()
      await rig.stop()
    }
    return result
  },
}

function placeKubeconfig(dataDirectory: string, kubeconfig: string): void {
  const place = join(dataDirectory, 'instances', 'home', '.kube', 'config')
  mkdirSync(dirname(place), { recursive: true, mode: 0o700 })
  rmSync(place, { force: true })
  copyFileSync(kubeconfig, place)
}
