import { useNavigate } from '@solidjs/router'
import { Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { appPage as texts } from '../../strings/app.ts'
import { Badge, Button, Icon, PageHeader, Status } from '../../ui/parts.tsx'
import { PreviewButton } from '../../ui/plan.tsx'
import { DeleteApp } from './delete.tsx'

const DeployMutation = graphql(
  'mutation DeployApp($instance: String!, $app: String!) { deployApp(instance: $instance, app: $app) { operationId } }',
)

interface ShownApp {
  name: string
  title: string
  status: string
  version: string
  newVersion: string | null
  url: string | null
}

/** What it is, how it is, where it is, and what can be done with it. */
export function AppHeader(props: { instance: string; app: ShownApp }) {
  const navigate = useNavigate()
  const given = () => ({ instance: props.instance, app: props.app.name })

  async function deploy(): Promise<void> {
    const done = await act(DeployMutation, given())
    if (done) navigate(`/operations/${done.deployApp.operationId}`)
  }

  return (
    <div class="flex gap-4 items-start">
      <img src={`/icons/apps/${props.app.name}.svg`} alt="" class="size-12 sm:size-14 rounded-xl mt-0.5 shrink-0" />
      <div class="grow min-w-0">
        <PageHeader
          title={props.app.title}
          about={
            <span class="flex flex-wrap gap-x-3 gap-y-1.5 items-center">
              <Status value={props.app.status} />
              <Badge text={props.app.version} />
              <Show when={props.app.newVersion}>
                <span class="text-accent text-small font-medium">{texts.updateThere}</span>
              </Show>
              <Show when={props.app.url}>
                {(url) => (
                  <a
                    class="link text-sm inline-flex items-center gap-1 break-all"
                    href={url()}
                    target="_blank"
                    rel="noreferrer"
                  >
                    {url()}
                    <Icon name="external" class="size-3.5" />
                  </a>
                )}
              </Show>
            </span>
          }
        >
          {/* On a phone they stand below the icon too, what one most likely came for first. */}
          <div class="flex flex-wrap gap-2 items-center max-sm:-ml-16 max-sm:flex-row-reverse max-sm:justify-end">
            <DeleteApp instance={props.instance} app={props.app.name} title={props.app.title} />
            <PreviewButton of={{ type: 'app.deploy', input: given() }} go={deploy} />
            <Button kind={props.app.status === 'running' ? 'plain' : 'main'} onClick={deploy}>
              {props.app.status === 'running' ? texts.deployAgain : texts.deploy}
            </Button>
          </div>
        </PageHeader>
      </div>
    </div>
  )
}

/** The header until it is known how the app is: what comes then moves nothing. */
export function AwaitedHeader(props: { app: string }) {
  return (
    <div class="flex gap-4 items-start">
      <img src={`/icons/apps/${props.app}.svg`} alt="" class="size-12 sm:size-14 rounded-xl mt-0.5 shrink-0" />
      <div class="grow min-w-0">
        <PageHeader title={props.app} about={<span class="block h-6 w-48 skeleton" />} />
      </div>
    </div>
  )
}
