/** Towns and villages of the fictional borough, each with its fictional postcode district. */
export const towns: readonly { readonly name: string; readonly district: string; readonly share: number }[] =
  [
    { name: 'Wexcombe', district: 'ZX1', share: 46 },
    { name: 'Nether Wexcombe', district: 'ZX2', share: 14 },
    { name: 'Marlow Heath', district: 'ZX3', share: 18 },
    { name: 'Saltersbridge', district: 'ZX4', share: 10 },
    { name: 'Ashby Fold', district: 'ZX5', share: 7 },
    { name: 'Long Pellow', district: 'ZX6', share: 5 },
  ]

const words = (text: string) => text.trim().split(/\s+/)

/** Streets are made of these two. */
export const streetNames = words(`
  Acorn Alder Almond Anchor Barley Beacon Beech Bluebell Bramble Brewery Bridge Bullfinch Canal Castle Cedar Chandlers
  Chapel Cherry Church Clover Cobbler Coppice Cornmill Cowslip Crane Cricket Curlew Damson Dyers Dovecote Elm Falcon
  Fallow Farrier Fern Foundry Foxglove Garden Gorse Granary Hawthorn Hazel Heron Hillside Holly Ivy Jubilee Juniper
  Kestrel Kiln Kingfisher Lapwing Larch Laurel Lavender Lime Linden Linnet Lock Lower Maltings Maple Market Meadow
  Mill Millrace Moorhen Mulberry Nightingale Nursery Oak Orchard Osier Otter Paddock Park Partridge Pinfold Plover
  Poplar Primrose Quarry Redwing Reservoir Ridge Robin Rowan Saddlers Sandpiper School Shepherds Skylark Smithy Spring
  Spruce Station Sycamore Tannery Teasel Thistle Thorn Tower Upper Victoria Walnut Warren Water Weavers West Wharf
  Wheelwright Willow Windmill Woodland Wren Yew
`)

export const streetKinds = words(`
  Avenue Avenue Close Close Close Court Crescent Drive Drive Gardens Grove Lane Lane Mews Place Rise Road Road Road Row
  Street Street Street Terrace View Walk Way
`)

/** Royal Mail never uses C, I, K, M, O and V in the second half of a postcode. */
export const inwardLetters = [...'ABDEFGHJLNPQRSTUWXYZ']
