import { useNavigate } from '@solidjs/router'
import { createSignal } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { client } from '../../graphql/client.ts'
import { graphql } from '../../graphql/graphql.ts'
import { clusterText } from '../../strings/cluster.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import type { MenuItem } from '../../ui/menu.tsx'
import { Button } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'

const texts = clusterText.changes

const TalosMutation = graphql(`
  mutation UpgradeTalos($instance: String!, $version: String!) {
    started: upgradeTalos(instance: $instance, version: $version) { operationId }
  }
`)
const KubernetesMutation = graphql(`
  mutation UpgradeKubernetes($instance: String!, $version: String!) {
    started: upgradeKubernetes(instance: $instance, version: $version) { operationId }
  }
`)
const ApplyMutation = graphql(`
  mutation ApplyConfiguration($instance: String!, $node: String) {
    started: applyConfiguration(instance: $instance, node: $node) { operationId }
  }
`)
const RebootMutation = graphql(`
  mutation RebootNodes($instance: String!, $node: String) {
    started: rebootNodes(instance: $instance, node: $node) { operationId }
  }
`)
const ShutDownMutation = graphql(`
  mutation ShutDownNodes($instance: String!, $node: String) {
    started: shutDownNodes(instance: $instance, node: $node, confirm: true) { operationId }
  }
`)
const RollBackMutation = graphql(`
  mutation RollBackNode($instance: String!, $node: String!) {
    started: rollBackNode(instance: $instance, node: $node) { operationId }
  }
`)

const VersionsQuery = graphql('query TalosVersions { talosVersions }')

/** Pure: released versions after the one that runs, newest first. */
function newer(versions: string[], now: string | null): string[] {
  const after = (version: string) => version.localeCompare(now ?? '', 'en', { numeric: true }) > 0
  return versions.filter((version) => !version.includes('-') && after(version))
}

interface What {
  title: string
  lines: string[]
  action: string
  type: string
  word?: string
}

/** Shows what an operation would do, starts it when the person wants it, and goes to where it is watched. */
function createChange() {
  const navigate = useNavigate()
  return async function change<Input extends Record<string, unknown>>(
    what: What,
    input: Input,
    start: (input: Input) => Promise<{ started: { operationId: string } } | undefined>,
  ): Promise<void> {
    const { type, ...question } = what
    const sure = await confirm({ ...question, more: () => <PlanView of={{ type, input }} /> })
    const done = sure && (await start(input))
    if (done) navigate(`/operations/${done.started.operationId}`)
  }
}

const apply = {
  action: texts.apply,
  type: 'cluster.apply',
  lines: texts.applyLines,
}
const reboot = {
  action: texts.restart,
  type: 'cluster.reboot',
  lines: texts.restartLines,
}
const rollback = {
  action: texts.back,
  type: 'node.rollback',
  lines: texts.backLines,
}
const shutdown = { action: texts.off, type: 'cluster.shutdown', lines: texts.offLines }

/** Upgrades, the changed configuration, restarts: what changes a running cluster as a whole. */
export function ClusterChanges(props: { instance: string; talos: string | null; kubernetes: string | null }) {
  const change = createChange()
  const [talos, setTalos] = createSignal('')
  const [kubernetes, setKubernetes] = createSignal('')
  const [released, setReleased] = createSignal<string[]>([])
  const about = () => props.instance

  /** Only once somebody is about to type one: the image factory is far away. Without it a version is typed. */
  async function askReleased(): Promise<void> {
    if (released().length === 0) setReleased((await client.query(VersionsQuery, {})).data?.talosVersions ?? [])
  }

  function upgrade(name: 'Talos' | 'Kubernetes', version: string): void {
    const lines = [texts.upgradeLines[name], texts.snapshotFirst]
    const type = name === 'Talos' ? 'cluster.upgrade-talos' : 'cluster.upgrade-kubernetes'
    const what = { title: texts.upgradeTitle(name, version), lines, action: texts.upgrade, type }
    const mutation = name === 'Talos' ? TalosMutation : KubernetesMutation
    change(what, { instance: about(), version }, (input) => act(mutation, input))
  }

  return (
    <section class="mt-8">
      <h2 class="font-semibold mb-2">{texts.title}</h2>
      <div class="card p-5 grid gap-5 sm:grid-cols-2">
        <form
          class="flex flex-wrap gap-3 items-end"
          onSubmit={(event) => {
            event.preventDefault()
            if (talos().trim()) upgrade('Talos', talos().trim())
          }}
        >
          <Field
            label={texts.now('Talos', props.talos)}
            value={talos()}
            onInput={setTalos}
            placeholder={texts.newVersion}
            suggestions={newer(released(), props.talos)}
            onFocus={askReleased}
          />
          <Button type="submit" disabled={!talos().trim()}>
            {texts.upgradeIt('Talos')}
          </Button>
        </form>
        <form
          class="flex flex-wrap gap-3 items-end"
          onSubmit={(event) => {
            event.preventDefault()
            if (kubernetes().trim()) upgrade('Kubernetes', kubernetes().trim())
          }}
        >
          <Field
            label={texts.now('Kubernetes', props.kubernetes)}
            value={kubernetes()}
            onInput={setKubernetes}
            placeholder={texts.newVersion}
          />
          <Button type="submit" disabled={!kubernetes().trim()}>
            {texts.upgradeIt('Kubernetes')}
          </Button>
        </form>
        <div class="flex flex-wrap gap-2 sm:col-span-2">
          <Button
            onClick={() =>
              change({ ...apply, title: texts.applyAllTitle }, { instance: about() }, (input) =>
                act(ApplyMutation, input),
              )
            }
          >
            {texts.applyAll}
          </Button>
          <Button
            onClick={() =>
              change({ ...reboot, title: texts.restartAllTitle }, { instance: about() }, (input) =>
                act(RebootMutation, input),
              )
            }
          >
            {texts.restartAll}
          </Button>
          <Button
            onClick={() =>
              change({ ...shutdown, title: texts.offAllTitle, word: about() }, { instance: about() }, (input) =>
                act(ShutDownMutation, input),
              )
            }
          >
            {texts.offAll}
          </Button>
        </div>
      </div>
    </section>
  )
}

/** The same for one node, as choices of its menu. */
export function createNodeChanges() {
  const change = createChange()
  return (instance: string, node: string): MenuItem[] => {
    const input = { instance, node }
    return [
      {
        title: texts.restartOne,
        onSelect: () =>
          change({ ...reboot, title: texts.restartTitle(node) }, input, (given) => act(RebootMutation, given)),
      },
      {
        title: texts.offOne,
        onSelect: () =>
          change({ ...shutdown, title: texts.offTitle(node) }, input, (given) => act(ShutDownMutation, given)),
      },
      {
        title: texts.backOne,
        onSelect: () =>
          change({ ...rollback, title: texts.backTitle(node) }, input, (given) => act(RollBackMutation, given)),
      },
    ]
  }
}

/** Hands one node the configuration that config.yaml asks for now. */
export function ApplyToNode(props: { instance: string; node: string }) {
  const change = createChange()
  return (
    <Button
      aria-label={texts.applyTo(props.node)}
      onClick={() =>
        change(
          { ...apply, title: texts.applyToTitle(props.node) },
          { instance: props.instance, node: props.node },
          (given) => act(ApplyMutation, given),
        )
      }
    >
      {texts.applyOne}
    </Button>
  )
}
