/** The desk page's own background, so that nothing flashes before the page is drawn. */
export const paper = { light: '#f4f2ee', dark: '#121417' } as const
