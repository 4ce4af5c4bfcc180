/** What customers write. {product}, {order} and {store} are filled in. */
export interface TicketText {
  readonly subject: string;
  readonly body: string;
  /** From low to urgent; normal when it does not say. */
  readonly priority?: 'high' | 'low' | 'urgent';
  /** Makes sense only for what was bought in a shop, or only for what was shipped. */
  readonly bought?: 'online' | 'shop';
}

/** A text that is true only of products with such a name. */
export interface SpecialText extends TicketText {
  readonly about: RegExp;
}

/** True of any product. */
export const GENERAL_TEXTS: readonly TicketText[] = [
  {
    subject: 'Missing from my order: {product}',
    body: 'Everything on {order} came except the {product}, though the packing list says it was packed. Can you check what happened?',
    bought: 'online',
  },
  {
    subject: '{product} arrived damaged',
    body: 'The box for order {order} was crushed on one side and the {product} inside did not survive. I have photos if you need them.',
    priority: 'high',
    bought: 'online',
  },
  {
    subject: 'Sent to the wrong address',
    body: 'According to the tracking page {order} was left at a house two streets over. My neighbor there has not seen the {product}. What do we do now?',
    priority: 'high',
    bought: 'online',
  },
  {
    subject: 'Where is my order?',
    body: 'The tracking for {order} has said "label created" since I placed it. I need the {product} this week, so please tell me whether it will come in time.',
    priority: 'high',
    bought: 'online',
  },
  {
    subject: 'Charged twice for {order}',
    body: 'My bank shows two charges for the same total on the same day. I only ordered the {product} once. Please refund one of them.',
    priority: 'urgent',
  },
  {
    subject: 'Need a copy of my receipt',
    body: 'I have to file an expense report and cannot find the receipt for {order}. It had the {product} on it. An emailed copy is fine.',
    priority: 'low',
  },
  {
    subject: 'Return without the original package?',
    body: 'I would like to bring back the {product} but the packaging went out with the recycling. Will you still take it with the receipt for {order}?',
  },
  {
    subject: 'Sale price not applied on {order}',
    body: 'The shelf tag for the {product} showed a lower price than what I was charged at the register. Could somebody look into the difference?',
    bought: 'shop',
  },
  {
    subject: 'Wrong item in the bag',
    body: 'I got home from your {store} store and what I have is not the {product} I paid for. The order number is {order}. I can swap it this weekend.',
    bought: 'shop',
  },
  {
    subject: 'When will {product} be back in stock?',
    body: 'I bought one on {order} and need another just like it, but the shelf in {store} was empty both times I came by. Is more on the way?',
    priority: 'low',
    bought: 'shop',
  },
  {
    subject: 'What is covered on {product}?',
    body: 'How long is it covered if something is wrong with it, and do I go through you or the manufacturer? I bought it on {order} and kept the paperwork.',
    priority: 'low',
  },
  {
    subject: 'Refund has not shown up',
    body: 'I returned the {product} from {order} and my card still has not been credited, though I was told it takes two business days.',
    priority: 'high',
  },
  {
    subject: 'Please take the sales tax off {order}',
    body: 'We are a registered nonprofit and our number is on file, but we were charged tax for the {product} all the same.',
  },
  {
    subject: 'Bulk price for {product}?',
    body: 'I picked one up on {order} to try and my crew likes it. What would you charge if I took a couple dozen for a job starting next month?',
    priority: 'low',
  },
  {
    subject: 'Loyalty points missing for {order}',
    body: 'I gave my phone number when I bought the {product}, yet the points never showed up in my account.',
    priority: 'low',
  },
  {
    subject: 'Thank you, and one small thing',
    body: 'The staff in {store} helped me pick out the {product} and could not have been kinder. The only hiccup: {order} has my old address on it. Please update it.',
    priority: 'low',
    bought: 'shop',
  },
  {
    subject: 'Bought too much',
    body: 'We finished the job and have the {product} from {order} left over, unopened. How many days do I have to bring it back?',
    priority: 'low',
  },
];

export const SPECIAL_TEXTS: readonly SpecialText[] = [
  {
    about: /Drill Driver|Impact Driver|Hammer Drill|Corded Drill|Right-Angle Drill|Rotary Hammer/,
    subject: '{product} smells hot and cuts out',
    body: 'After about ten minutes of ordinary work it smells like burning and stops. I have stopped using it. Bought on {order}.',
    priority: 'urgent',
  },
  {
    about: /Drill Driver|Hammer Drill|Corded Drill/,
    subject: 'Chuck on my {product} wobbles',
    body: 'The bit traces a little circle however I tighten it, so holes come out oversized. Is that covered or did I get a bad one?',
  },
  {
    about: /Battery Pack|Rapid Charger/,
    subject: 'Does the {product} fit my older tools?',
    body: 'I bought it on {order} without checking. My drill is about six years old. I would rather ask before opening the package.',
    priority: 'low',
  },
  {
    about: /Miter Saw|Table Saw|Circular Saw|Band Saw/,
    subject: '{product} does not cut square',
    body: 'I set everything by the manual and still get cuts a degree or two off. Is there an adjustment I am missing, or should I exchange it?',
  },
  {
    about: /Air Compressor|Air Hose|Pneumatic/,
    subject: 'Air leak on the {product}',
    body: 'There is a steady hiss near the fitting even with thread tape on it. It came with order {order}. Could you send a new seal?',
  },
  {
    about: /Interior Latex|Exterior Acrylic/,
    subject: 'Second can of {product} is a different shade',
    body: 'Two cans, same name on the label, and you can see the line on my wall where I switched. I kept both lids. The order is {order}.',
    priority: 'high',
  },
  {
    about: /Interior Latex|Kitchen and Bath Paint/,
    subject: 'How long before I can wash the wall?',
    body: 'We finished the hallway with {product} on Saturday and my toddler has already been at it with a marker.',
    priority: 'low',
  },
  {
    about: /Exterior Acrylic|Porch and Floor/,
    subject: '{product} is peeling already',
    body: 'I cleaned and prepared the surface as the label says, and after the first rain it is coming off in strips. What do you need from me for a claim? Order {order}.',
    priority: 'high',
  },
  {
    about: /Stain,|Polyurethane|Tung Oil/,
    subject: '{product} is still tacky after three days',
    body: 'It has been dry and in the sixties here. Do I wait, wipe it with something, or strip it off and start again?',
  },
  {
    about: /Deadbolt, Single|Padlock, Laminated/,
    subject: 'Can two of the {product} share a key?',
    body: 'I bought one on {order} and would like a second that opens with the same key. Do you rekey them in {store}?',
    priority: 'low',
    bought: 'shop',
  },
  {
    about: /Deadbolt|Passage Door Knob|Privacy Lever/,
    subject: 'Latch does not line up',
    body: 'I followed the template that came with the {product} and the bolt hits the plate a quarter inch low. Before I start chiseling, is there a trick?',
  },
  {
    about: /^Stud 2x4|Framing Lumber|Pressure-Treated/,
    subject: 'Half the boards are twisted',
    body: 'The {product} delivered with {order} came from the bottom of the pile. At least a third are too crooked to use. Can the driver take them back?',
    priority: 'high',
  },
  {
    about: /Decking|Fence Picket|Baluster/,
    subject: 'Short on my {product} delivery',
    body: 'I counted twice and the bundle is four pieces short of what {order} says. The crew is here on Monday, so the sooner the better.',
    priority: 'urgent',
  },
  {
    about: /Concrete Mix|Fast-Setting|Mortar Mix|Setting Compound/,
    subject: 'Bags of {product} got wet on the truck',
    body: 'The wrap was torn on the pallet and part of it sat in the rain. The powder has lumps now. I do not want to build on that. Order {order}.',
    priority: 'high',
  },
  {
    about: /LED|Ceiling Fan|Recessed Light|Under-Cabinet Light/,
    subject: '{product} flickers',
    body: 'It flickers on two different circuits. The old one in the same spot was fine. I still have the receipt for {order}.',
  },
  {
    about: /Heater|Radiator|Heating Cable/,
    subject: 'Is the {product} right for a rental?',
    body: 'My landlord wants to see the safety listing before I use it. Where do I find that? It was on order {order}.',
  },
  {
    about: /Space Heater|Radiator Heater|Surge|Extension Cord/,
    subject: '{product} recall?',
    body: 'A friend told me something like this was recalled last year. Could you confirm that mine, from {order}, is not part of it?',
    priority: 'urgent',
  },
  {
    about: /Thermostat/,
    subject: 'No C-wire for the {product}',
    body: 'Our furnace has only four wires at the wall. Is there an adapter, or should I return it? The order is {order}.',
  },
  {
    about: /Faucet,|Shower Valve|Handheld Shower/,
    subject: '{product} drips',
    body: 'Installed it on the weekend and there is a slow drip whenever it runs. The connections are tight and dry, so I suspect the cartridge.',
  },
  {
    about: /Toilet,|Kitchen Sink|Vanity with/,
    subject: 'Crack in the {product}',
    body: 'There is a hairline crack that I only noticed after unpacking. Nobody dropped it. How do I exchange it? It is too heavy for my car. Order {order}.',
    priority: 'high',
  },
  {
    about: /Electric Water Heater|Sump Pump|Utility Pump|Disposal/,
    subject: 'Help, {product} trips the breaker',
    body: 'Each time it starts the breaker goes within seconds. My electrician says the circuit is fine. I have no backup, so please call.',
    priority: 'urgent',
  },
  {
    about: /Battery Lawn Mower|String Trimmer|Leaf Blower|Chainsaw|Pressure Washer|Generator/,
    subject: '{product} will not start',
    body: 'Worked twice and now nothing at all, not even a click. I cleaned it and read the troubleshooting page. Can someone look at it? Order {order}.',
    priority: 'high',
  },
  {
    about: /Fertilizer|Moss Control|Slug Bait|Lawn Seed|Vegetable Food/,
    subject: 'Are pets safe around {product}?',
    body: 'The label is smeared and I have two dogs that eat everything. How long should I keep them off the yard?',
  },
  {
    about: /Garden Bed|Adirondack|Compost Bin|Kettle Grill|Wheelbarrow/,
    subject: 'Missing hardware for {product}',
    body: 'Half of the bolts on the parts list are not in the bag. I am in the middle of putting it together. Order {order}.',
  },
  {
    about: /Shelving|Overhead Garage Rack|Wardrobe|Storage Rack/,
    subject: '{product} leans to one side',
    body: 'It is assembled on a level floor and still leans. One of the parts looks bent to me. Can I exchange just that piece?',
  },
  {
    about: /Tool Chest|Workbench|Document Safe|Medicine Cabinet/,
    subject: 'Dent in my {product}',
    body: 'The carton from {order} looked perfect but there is a fist-sized dent in the back. I can live with it for a partial refund.',
  },
];

export const OPENINGS = ['', '', '', 'Hi,\n\n', 'Hello,\n\n', 'Good morning,\n\n', 'Hi there,\n\n'] as const;
export const CLOSINGS = [
  '',
  'Thanks',
  'Thank you',
  'Thanks in advance',
  'Regards',
  'Best',
  'Appreciate the help',
] as const;
