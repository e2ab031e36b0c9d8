import { A } from '@solidjs/router'
import { Show } from 'solid-js'

interface Service {
  name: string
  status: string
  onRequest: boolean
  missingSettings: string[]
  missingSecrets: string[]
}

/** Does it lack something nobody gave? It cannot be installed before. */
export const lacks = ({
  missingSettings,
  missingSecrets,
}: Pick<Service, 'missingSettings' | 'missingSecrets'>): boolean => missingSettings.length + missingSecrets.length > 0

/** Why a service is not installed with all, and what to do to have it; nothing when it is. */
export function WhyLeftOut(props: { instance: string; service: Service }) {
  return (
    <Show when={props.service.status === 'not_installed'}>
      <Show
        when={lacks(props.service)}
        fallback={
          <Show when={props.service.onRequest}>
            <p class="text-sm">Only installed when you ask for it here.</p>
          </Show>
        }
      >
        <p class="text-sm wrap-anywhere">
          Cannot be installed until you{' '}
          <A class="link" href={`/instances/${props.instance}/services/${props.service.name}?view=settings`}>
            give it
          </A>{' '}
          {[...props.service.missingSettings, ...props.service.missingSecrets].join(', ')}.
        </p>
      </Show>
    </Show>
  )
}
