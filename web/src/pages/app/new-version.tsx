import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { UpdateNotice } from '../workload/update-notice.tsx'

const ToVersionMutation = graphql(`
  mutation ToVersion($instance: String!, $app: String!) {
    updateApp(instance: $instance, app: $app) { operationId }
  }
`)

/** The way to another version of an app. */
export function NewVersion(props: { instance: string; app: string; title: string; version: string }) {
  const navigate = useNavigate()
  const input = () => ({ instance: props.instance, app: props.app })

  async function update(): Promise<void> {
    const done = await act(ToVersionMutation, input())
    if (done) navigate(`/operations/${done.updateApp.operationId}`)
  }

  return (
    <UpdateNotice
      title={props.title}
      version={props.version}
      plan={{ type: 'app.update', input: input() }}
      go={update}
    />
  )
}
