import { useNavigate } from '@solidjs/router'
import { Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { servicePage as texts } from '../../strings/service.ts'
import { Badge, Button, PageHeader, Status } from '../../ui/parts.tsx'
import { PreviewButton } from '../../ui/plan.tsx'
import { lacks } from '../services/left-out.tsx'
import { TokenButton } from '../services/token.tsx'
import { createDeleteService } from './delete.tsx'

const InstallMutation = graphql(
  'mutation InstallThisService($instance: String!, $name: String!) { installService(instance: $instance, name: $name) { operationId } }',
)

interface ShownService {
  name: string
  title: string
  description: string
  status: string
  version: string
  core: boolean
  onRequest: boolean
  takesToken: boolean
  missingSettings: string[]
  missingSecrets: string[]
}

/** What it is, how it is, and what can be done with it. */
export function ServiceHeader(props: { instance: string; service: ShownService }) {
  const navigate = useNavigate()
  const remove = createDeleteService(() => props.instance)
  const input = () => ({ instance: props.instance, name: props.service.name })
  const there = () => props.service.status !== 'not_installed'
  const isBusy = () => ['deploying', 'removing'].includes(props.service.status)

  async function install(): Promise<void> {
    const done = await act(InstallMutation, input())
    if (done) navigate(`/operations/${done.installService.operationId}`)
  }

  return (
    <PageHeader
      title={props.service.title}
      about={
        <>
          <p class="mb-2">{props.service.description}</p>
          <p class="flex flex-wrap gap-x-3 gap-y-1.5 items-center">
            <Status value={props.service.status} />
            <Badge text={props.service.version} />
            <Show when={props.service.core}>
              <span class="text-small">{texts.core}</span>
            </Show>
            <Show when={props.service.onRequest}>
              <span class="text-small">{texts.onRequest}</span>
            </Show>
          </p>
        </>
      }
    >
      <Show when={props.service.takesToken && there()}>
        <TokenButton instance={props.instance} service={props.service.name} label={texts.token} />
      </Show>
      <Show when={there() && !isBusy()}>
        <Button kind="quiet" aria-haspopup="dialog" onClick={() => remove(props.service)}>
          {texts.delete}
        </Button>
      </Show>
      <Show when={!isBusy() && !lacks(props.service)}>
        <PreviewButton of={{ type: 'service.install', input: input() }} go={install} />
        <Button kind={props.service.status === 'running' ? 'plain' : 'main'} onClick={install}>
          {there() ? texts.installAgain : texts.install}
        </Button>
      </Show>
    </PageHeader>
  )
}
