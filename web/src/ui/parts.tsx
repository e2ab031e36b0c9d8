// The pieces pages are made of, by one name. Each lives in a file of its own.
export { Button, IconButton, LinkButton } from './button.tsx'
export { Fact, Figure, Meter, ProgressBar } from './figures.tsx'
export { Icon } from './icon.tsx'
export { CopyForHelp, FailureNotice, Hint, Notice } from './notice.tsx'
export { Empty, Loaded, PageHeader, Section, Skeleton } from './page.tsx'
export { Badge, Dot, Status } from './status.tsx'
