import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { servicePage as texts } from '../../strings/service.ts'
import { confirm } from '../../ui/confirm.tsx'
import { PlanView } from '../../ui/plan.tsx'

const DeleteMutation = graphql(
  'mutation DeleteService($instance: String!, $service: String!) { deleteService(instance: $instance, service: $service) { operationId } }',
)

/** Deletes a service once its name was typed, what goes with it in view. */
export function createDeleteService(instance: () => string) {
  const navigate = useNavigate()
  return async (service: { name: string; title: string }): Promise<void> => {
    const input = { instance: instance(), service: service.name }
    const wanted = await confirm({
      title: texts.deleteTitle(service.title),
      lines: texts.deleteLines,
      action: texts.delete,
      no: texts.keep,
      danger: true,
      word: service.name,
      more: () => <PlanView of={{ type: 'service.delete', input }} />,
    })
    if (!wanted) return
    const done = await act(DeleteMutation, input)
    if (done) navigate(`/operations/${done.deleteService.operationId}`)
  }
}
