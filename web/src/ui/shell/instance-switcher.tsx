import { useLocation } from '@solidjs/router'
import { shell } from '../../strings/shell.ts'
import { word } from '../../strings/words.ts'
import { Icon } from '../icon.tsx'
import { Menu, type MenuItem } from '../menu.tsx'
import { Dot } from '../status.tsx'

/** Which instance the pages are about, with the state of each; another one opens at the same page. */
export function InstanceSwitcher(props: {
  instances: readonly { name: string; status?: string }[]
  current: string | undefined
  class?: string
}) {
  const location = useLocation()
  const now = () => props.instances.find(({ name }) => name === props.current)
  /** The same page of another instance: what follows its name, without what is only in this one (an app). */
  const page = () => /^\/instances\/[^/]+(\/[^/]+)?/.exec(location.pathname)?.[1] ?? ''
  const items = (): MenuItem[] => [
    ...props.instances.map(({ name, status }) => ({
      title: name,
      about: status && word(status),
      mark: () => <Dot value={status ?? 'initialized'} />,
      href: `/instances/${name}${page()}`,
      current: name === props.current,
    })),
    { title: shell.allInstances, icon: 'instances', href: '/', apart: true },
    { title: shell.newInstance, icon: 'plus', href: '/start' },
  ]
  return (
    <Menu
      label={`${shell.instance}: ${props.current ?? shell.chooseInstance}`}
      class={`flex items-center gap-2.5 min-w-0 rounded-control border border-edge bg-card shadow-rest text-sm font-medium hover:bg-raised ${props.class ?? ''}`}
      trigger={
        <>
          <Dot value={now()?.status ?? 'initialized'} />
          <span class="grow truncate text-left">{props.current ?? shell.chooseInstance}</span>
          <Icon name="updown" class="size-4 text-quiet" />
        </>
      }
      items={items()}
    />
  )
}
