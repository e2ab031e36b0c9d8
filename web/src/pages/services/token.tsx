import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { servicePage as texts } from '../../strings/service.ts'
import { copy } from '../../ui/notice.tsx'
import { Button } from '../../ui/parts.tsx'
import { showBad, showGood } from '../../ui/toasts.tsx'

const TokenMutation = graphql(`
  mutation ServiceToken($instance: String!, $service: String!) {
    createServiceToken(instance: $instance, service: $service) { token expiresAt }
  }
`)

/** Makes a token to log in to a service with and puts it on the clipboard; it is shown nowhere. */
export function TokenButton(props: { instance: string; service: string; label: string }) {
  async function copyToken(): Promise<void> {
    const made = await act(TokenMutation, { instance: props.instance, service: props.service })
    if (!made) return
    if (await copy(made.createServiceToken.token)) showGood(texts.tokenCopied)
    else showBad(texts.tokenNotCopied)
  }
  return (
    <Button kind="quiet" onClick={copyToken}>
      {props.label}
    </Button>
  )
}
