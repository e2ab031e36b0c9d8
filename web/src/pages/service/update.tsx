import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { UpdateNotice } from '../workload/update-notice.tsx'

const ToVersionMutation = graphql(`
  mutation ServiceToVersion($instance: String!, $service: String!) {
    updateService(instance: $instance, service: $service) { operationId }
  }
`)

/** The way to another version of a service. */
export function ServiceUpdate(props: { instance: string; service: string; title: string; version: string }) {
  const navigate = useNavigate()
  const input = () => ({ instance: props.instance, service: props.service })

  async function update(): Promise<void> {
    const done = await act(ToVersionMutation, input())
    if (done) navigate(`/operations/${done.updateService.operationId}`)
  }

  return (
    <UpdateNotice
      title={props.title}
      version={props.version}
      plan={{ type: 'service.update', input: input() }}
      go={update}
    />
  )
}
