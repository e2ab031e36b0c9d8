import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { servicesText as texts } from '../../strings/services.ts'

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
            <p class="text-sm">{texts.onRequest}</p>
          </Show>
        }
      >
        <p class="text-sm wrap-anywhere">
          {texts.lacks([...props.service.missingSettings, ...props.service.missingSecrets])}{' '}
          <A class="link" href={`/instances/${props.instance}/services/${props.service.name}`}>
            {texts.give}
          </A>
        </p>
      </Show>
    </Show>
  )
}
