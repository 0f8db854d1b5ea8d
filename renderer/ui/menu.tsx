import type { ReactNode } from 'react'
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'

export interface MenuEntry {
  readonly id: string
  readonly label: string
  readonly detail?: string
  readonly disabled?: boolean
}

export interface MenuGroup {
  readonly heading: string
  readonly entries: readonly MenuEntry[]
}

export interface MenuButtonProps {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
  readonly groups: readonly MenuGroup[]
  readonly onChoose: (id: string) => void
  /** For a menu that a key opens too; otherwise it opens and closes by itself. */
  readonly open?: boolean
  readonly onOpen?: (open: boolean) => void
}

/** A button that opens a menu of choices. */
export function MenuButton(props: MenuButtonProps) {
  const { label, className = 'button', children, groups, onChoose, open, onOpen } = props
  return (
    <MenuTrigger
      {...(open === undefined ? {} : { isOpen: open })}
      {...(onOpen === undefined ? {} : { onOpenChange: onOpen })}
    >
      <Button className={className} aria-label={label}>
        {children}
      </Button>
      <Popover placement="bottom start" offset={4}>
        <Menu className="menu" onAction={(key) => onChoose(String(key))}>
          {groups.map((group) => (
            <MenuSection key={group.heading}>
              <Header className="menu__heading">{group.heading}</Header>
              {group.entries.map((entry) => (
                <MenuItem
                  key={entry.id}
                  id={entry.id}
                  className="menu__item"
                  textValue={entry.label}
                  isDisabled={entry.disabled ?? false}
                >
                  <span>{entry.label}</span>
                  {entry.detail === undefined ? null : <span className="small quiet">{entry.detail}</span>}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
