import { createSignal } from 'solid-js'
import { token, useToken } from '../graphql/token.ts'
import { Field } from './field.tsx'
import { Button } from './parts.tsx'

/** One field: the daemon's token. */
export function Login() {
  const [value, setValue] = createSignal('')
  return (
    <form
      class="card p-6 grid gap-4 max-w-md mx-auto mt-8"
      onSubmit={(event) => {
        event.preventDefault()
        if (value().trim()) useToken(value().trim())
      }}
    >
      <h1 class="font-semibold text-xl">This daemon wants its token</h1>
      <p class="text-quiet">
        It was shown on its console when it started first. Lost it? On the device itself, <code>wildd new-token</code>{' '}
        makes a new one.
      </p>
      <Field
        label="Token"
        type="password"
        value={value()}
        onInput={setValue}
        problem={token() ? 'The token this browser has is not the right one.' : undefined}
        autofocus
      />
      <div>
        <Button type="submit" kind="main" disabled={!value().trim()}>
          Log in
        </Button>
      </div>
    </form>
  )
}
