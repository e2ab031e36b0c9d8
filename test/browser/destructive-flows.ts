import { kubectl, makeNamespace } from '../journey/support/kubectl.ts'
import { labDoor } from '../lab-door.ts'
import type { WebWorld } from './web-world.ts'

/** What destroys something: where its question is opened, the word it wants, and how one can tell that it was done. */
export interface Flow {
  title: string
  /** Who asks, as `dangerousQuestions` names it. */
  by: string
  /** The page; what `prepare` resolves with when it is only known then. */
  page: string
  /** What is clicked, one after another, until the word is asked for; as Playwright's selectors. */
  clicks: string[]
  word: string
  /** Brings the world into the state in which this can be asked. */
  prepare?(): Promise<string | undefined>
  /** How it is now, as other programs see it, and how that is once it was done. */
  look(): Promise<unknown>
  done: unknown
}

const button = (name: string) => `role=button[name="${name}"]`
const more = (node: string, item: string) => [button(`More for ${node}`), `role=menuitem[name="${item}"]`]
/** Names that end with the time at which something was made. */
const beginning = (name: string) => `role=button[name=/^${name}/]`

/** Runs a statement in the database of Ghost; what it printed. */
export async function sqlOfGhost({ world }: WebWorld, statement: string): Promise<string> {
  const mysql = ['mysql', `--execute=${statement};\n`, 'ghost']
  return (await kubectl(world, ['exec', 'mysql-0', '-n', 'mysql', '--', ...mysql])).trim()
}

/** Everything that wants a word typed, in an order in which one world serves: each flow leaves what the next needs. */
export function destructiveFlows(web: () => WebWorld): Flow[] {
  const read = async (path: string) => (await web().world.rest('GET', path)).body?.data
  const status = async (path: string) => (await web().world.rest('GET', path)).status
  const lab = () => labDoor(web().world.dataDirectory)
  const nodes = async (): Promise<Record<string, unknown>[]> => (await read('/instances/home/nodes')).nodes
  const names = async () => (await nodes()).map(({ name }) => name)
  const macs: Record<string, string> = {}
  /** Of each machine whether it waits to be set up, asked of the machine just now; the status when it does not answer. */
  const waits = async (node: string) => {
    macs[node] ??= String((await nodes()).find(({ name }) => name === node)?.mac)
    const answer = await web().world.rest('GET', `/instances/home/nodes/${macs[node]}/hardware`)
    return answer.body.data?.maintenance_mode ?? answer.status
  }
  /** The machine of a node as the lab counts them, and the name of its disk. */
  async function diskOf(node: string) {
    const { mac, disk } = (await nodes()).find(({ name }) => name === node) as { mac: string; disk: string }
    const { machines } = await lab().state()
    const { number } = machines.find((each: { mac: string }) => each.mac === mac)
    return { machine: number as number, disk: disk.replace('/dev/', '') }
  }
  const ghostSql = (statement: string) => sqlOfGhost(web(), statement)

  return [
    {
      title: 'restore an app from a backup',
      by: 'app/restore.tsx createRestore',
      page: '/instances/home/apps/ghost?view=backups',
      clicks: [beginning('Restore app-home-ghost-')],
      word: 'ghost',
      prepare: async () => void (await ghostSql("INSERT INTO notes VALUES (2, 'later')")),
      look: () => ghostSql('SELECT text FROM notes ORDER BY id'),
      done: 'kept',
    },
    {
      title: 'delete an app',
      by: 'app/delete.tsx remove',
      page: '/instances/home/apps/ghost',
      clicks: [button('Delete')],
      word: 'ghost',
      look: async () => [
        (await read('/instances/home/apps')).apps.map(({ name }: { name: string }) => name),
        await kubectl(web().world, ['get', 'deployments', '-n', 'ghost', '-o', 'name']),
      ],
      done: [['mysql'], ''],
    },
    {
      title: 'delete a service',
      by: 'service/delete.tsx createDeleteService',
      page: '/instances/home/services/headlamp',
      clicks: [button('Delete')],
      word: 'headlamp',
      look: async () => (await read('/instances/home/services/headlamp/status')).status,
      done: 'not_installed',
    },
    {
      title: 'put the cluster back to a snapshot',
      by: 'cluster/snapshots.tsx restore',
      page: '/instances/home/cluster',
      clicks: [button('Put the cluster back to before')],
      word: 'home',
      prepare: async () => void (await makeNamespace(web().world, 'later')),
      look: async () => (await kubectl(web().world, ['get', 'namespaces', '-o', 'name'])).includes('namespace/later'),
      done: false,
    },
    {
      title: 'take a node out of the cluster',
      by: 'nodes.tsx remove',
      page: '/instances/home/nodes',
      clicks: more('worker-1', 'Remove…'),
      word: 'worker-1',
      look: async () => [await waits('worker-1'), await names()],
      done: [true, ['control-1', 'worker-2']],
    },
    {
      title: 'wipe a node',
      by: 'cluster/reset.tsx createNodeReset',
      page: '/instances/home/nodes',
      clicks: more('worker-2', 'Reset…'),
      word: 'worker-2',
      look: async () => [await waits('worker-2'), await names()],
      done: [true, ['control-1', 'worker-2']],
    },
    {
      title: 'overwrite a disk that is not the chosen one',
      by: 'operation.tsx overwrite',
      page: '',
      clicks: [button('Overwrite the disk…')],
      word: 'ANOTHER-DISK',
      async prepare() {
        await lab().disk({ ...(await diskOf('worker-2')), serial: 'ANOTHER-DISK' })
        const started = await web().world.rest('POST', '/instances/home/nodes/worker-2/setup', {})
        await web().world.ended(started.body.operation_id)
        return `/operations/${started.body.operation_id}`
      },
      look: async () => {
        const node = (await nodes()).find(({ name }) => name === 'worker-2')
        return [await waits('worker-2'), node?.disk_serial]
      },
      done: [false, 'ANOTHER-DISK'],
    },
    {
      title: 'wipe every machine of the cluster',
      by: 'cluster/reset.tsx reset',
      page: '/instances/home/cluster',
      clicks: [button('Reset the cluster…')],
      word: 'home',
      look: async () => [
        (await read('/instances/home/cluster/status')).status,
        await waits('control-1'),
        await waits('worker-2'),
      ],
      done: ['not_bootstrapped', true, true],
    },
    {
      title: 'build a cluster on a disk that holds something',
      by: 'start/review.tsx go',
      page: '/start/home/review',
      clicks: [button('Build the cluster…')],
      word: 'home',
      async prepare() {
        const { mac } = (await lab().state()).machines[3]
        const { machines } = await read('/instances/home/machines')
        const { selected_disk: disk } = machines.find((machine: { mac: string }) => machine.mac === mac)
        await lab().disk({ machine: 4, disk: disk.replace('/dev/', ''), filesystem: 'ext4', label: 'photos' })
        await web().cli('node discover')
        await web().world.rest('POST', '/instances/home/nodes/assign', { nodes: ['worker-3'], machine: mac })
        return undefined
      },
      look: async () => [
        (await read('/instances/home/cluster/status')).status,
        await waits('control-1'),
        await waits('worker-2'),
        await waits('worker-3'),
      ],
      done: ['ready', false, false, false],
    },
    {
      title: 'switch every machine off',
      by: 'cluster/changes.tsx ClusterChanges',
      page: '/instances/home/cluster',
      clicks: [button('Switch all off…')],
      word: 'home',
      look: async () => [await waits('control-1'), await waits('worker-2'), await waits('worker-3')],
      done: [503, 503, 503],
    },
    {
      title: 'make an instance of a backup',
      by: 'backups/restore.tsx restoreHome',
      page: '/instances/home/backups?view=list',
      clicks: [beginning('Restore home-')],
      word: 'home',
      look: () => status('/instances/home-restored'),
      done: 200,
    },
    {
      title: 'remove the last backup of something',
      by: 'backups/keep.ts remove',
      page: '/instances/home/backups?view=list',
      clicks: [beginning('Remove home-'), `role=dialog >> ${button('Remove')}`],
      word: 'remove',
      look: async () =>
        (await read('/instances/home/backups')).backups.map(({ kind }: { kind: string }) => kind).includes('home'),
      done: false,
    },
    {
      title: 'delete an instance',
      by: 'overview/delete.tsx remove',
      page: '/instances/home',
      clicks: ['summary:has-text("Delete")', button('Delete this instance…')],
      word: 'home',
      look: () => status('/instances/home'),
      done: 404,
    },
    {
      title: 'remove a deleted instance for good',
      by: 'instances/trash.tsx remove',
      page: '/',
      clicks: [button('Remove for good: home')],
      word: 'home',
      look: async () => (await read('/trash')).trash,
      done: [],
    },
  ]
}

/** What is told as a danger and done by a click, each with the reason why that is enough. */
export const clickIsEnough: Record<string, string> = {
  'backups/keep.ts remove': 'the last backup of something asks again, for a word',
  'cluster/snapshots.tsx remove': 'nothing that runs is touched',
  'config.tsx keepMine': 'the version before is kept and can be put back',
  'config/guard.ts guardLeaving': 'only what was typed and not saved is lost',
  'nodes.tsx erasing': 'a disk that holds something is refused, and then asks for a word',
  'nodes/machines.tsx setup': 'a disk that holds something is refused, and then asks for a word',
  'operation.tsx cancel': 'it can be run again',
  'pxe/assets.tsx remove': 'it can be downloaded again',
  'secrets.tsx generate': 'the version before is kept',
  'secrets.tsx remove': 'the version before is kept',
}
