import { createSignal } from 'solid-js'
import { token, useToken } from '../graphql/token.ts'
import { login } from '../strings/login.ts'
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
      <h1 class="font-semibold text-xl">{login.title}</h1>
      <p class="text-quiet">
        {login.about} <code>wildd new-token</code>
      </p>
      <Field
        label={login.token}
        type="password"
        value={value()}
        onInput={setValue}
        problem={token() ? login.wrong : undefined}
        autofocus
      />
      <div>
        <Button type="submit" kind="main" disabled={!value().trim()}>
          {login.go}
        </Button>
      </div>
    </form>
  )
}
