import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components'

export interface TabOf<Id extends string> {
  readonly id: Id
  readonly title: string
  readonly content: ReactNode
}

export interface TabsProps<Id extends string> {
  readonly label: string
  readonly tabs: readonly TabOf<Id>[]
  readonly shown: Id
  readonly onShow: (id: Id) => void
}

/** Pages of one dialog; the arrow keys go from one to the next. */
export function Tabs<Id extends string>({ label, tabs, shown, onShow }: TabsProps<Id>) {
  return (
    <AriaTabs
      className="tabs"
      selectedKey={shown}
      onSelectionChange={(key) => {
        const tab = tabs.find((each) => each.id === key)
        if (tab !== undefined) onShow(tab.id)
      }}
    >
      <TabList className="tabs__list" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tabs__tab">
            {tab.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tabs__panel">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
