import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Operations } from '../../../operations/engine.ts'
import { openDatabase } from '../../../platform/db.ts'
import { createPaths } from '../../../platform/paths.ts'
import { createSignals } from '../../../platform/signals.ts'
import { parseYamlPath, valueAt } from '../../../platform/yaml-path.ts'
import { createConfigService } from '../../config/service.ts'
import { createConfigStore } from '../../config/store.ts'
import type { InstanceChange } from '../../instances/index.ts'
import type { NodesDeps } from '../deps.ts'
import { createNodeStore } from '../store.ts'
import { type FakeMachine, fakeMachines, place } from './fake-machines.ts'

const patch =
  'machine:\n  # {{NODE_NAME}} {{VERSION}} {{SCHEMATIC_ID}}\n  address: {{NODE_IP}}/{{PREFIX_LENGTH}}\n  disk: {{ index .cluster.nodes.active "{{NODE_NAME}}" "disk" }}\n'

/** An instance `home` in a temporary folder, on a LAN of fake machines. `net` is a /24 of loopback addresses. */
export async function aLan(net: string, machines: FakeMachine[]) {
  const folder = mkdtempSync(join(tmpdir(), 'wild-nodes-'))
  const paths = createPaths(join(folder, 'data'))
  const db = openDatabase(join(folder, 'test.db'), new URL('../../../../drizzle', import.meta.url).pathname)
  const lan = fakeMachines(machines)
  const vip = `${net}.90`
  const config = createConfigService({
    store: createConfigStore(paths),
    requireInstance: async () => undefined,
    changed: () => undefined,
  })
  place(
    paths.instance('home').config,
    `cloud:\n  router:\n    ip: ${net}.1\n  dns:\n    ip: ${net}.50\ncluster:\n  name: home\n  kubernetesVersion: v1.34.1\n  nodes:\n    control:\n      vip: ${vip}\n    talos:\n      version: v1.11.5\n      schematicId: abc123\n    active: {}\n`,
  )
  for (const role of ['controlplane', 'worker'])
    place(join(folder, 'catalog', 'setup', 'cluster-nodes', 'patch.templates', `${role}.yaml`), patch)
  const holders: Record<string, string> = {}
  const operations = {
    define: () => undefined,
    holders: (path: string) => (holders[path] ? [holders[path]] : []),
    get: (id: string) => ({ id, type: 'node.setup', title: 'Set up a node', createdAt: '2026-01-01T00:00:00.000Z' }),
  } as unknown as Operations
  const deps: NodesDeps = {
    settings: {
      lan: { cidr: `${net}.0/24`, prefixLength: 24 },
      gateway: `${net}.1`,
      catalogDirectory: join(folder, 'catalog'),
    },
    paths,
    config,
    secrets: { allValues: async () => [] },
    instances: {
      require: async () => undefined,
      list: async () => [{ name: 'home' }] as never,
      changed: () => undefined,
      changes: createSignals<InstanceChange>(),
    },
    operations,
    reads: lan.run,
    db,
    clock: { now: () => 1_700_000_000_000, sleep: async () => undefined },
  }
  await lan.listen()
  return {
    deps,
    lan,
    vip,
    holders,
    store: createNodeStore(config, db),
    places: paths.instance('home'),
    get: async (path: string) => valueAt(await config.tree('home'), parseYamlPath(path)),
    async close() {
      await lan.close()
      db.$client.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
