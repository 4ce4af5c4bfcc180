/** What customers write. {product}, {order} and {store} are filled in. */
export interface TicketText {
  readonly subject: string;
  readonly body: string;
  /** From low to urgent; normal when it does not say. */
  readonly priority?: 'high' | 'low' | 'urgent';
}

/** True of any product. */
export const GENERAL_TEXTS: readonly [TicketText, ...TicketText[]] = [
  {
    subject: 'Missing from my order: {product}',
    body: 'Everything on {order} came except the {product}, though the packing list says it was packed. Can you check what happened?',
  },
  {
    subject: '{product} arrived damaged',
    body: 'The box for order {order} was crushed on one side and the {product} inside did not survive. I have photos if you need them.',
    priority: 'high',
  },
  {
    subject: 'Charged twice for {order}',
    body: 'My bank shows two charges for the same total on the same day. I only ordered the {product} once. Please refund one of them.',
    priority: 'urgent',
  },
  {
    subject: 'Need a copy of my receipt',
    body: 'I have to file an expense report and cannot find the receipt for {order}. It had a {product} on it. An emailed copy is fine.',
    priority: 'low',
  },
  {
    subject: 'Return without the original box?',
    body: 'I would like to bring back the {product} but the packaging went out with the recycling. Will you still take it with the receipt for {order}?',
  },
  {
    subject: 'Sale price not applied on {order}',
    body: 'The shelf tag for the {product} showed a lower price than what I was charged at the register. Could somebody look into the difference?',
  },
  {
    subject: 'Wrong item in the bag',
    body: 'I got home from your {store} store and what I have is not the {product} I paid for. The order number is {order}. I can swap it this weekend.',
  },
  {
    subject: 'When will {product} be back in stock?',
    body: 'I bought one on {order} and need another just like it, but the shelf was empty both times I came by. Is more on the way?',
    priority: 'low',
  },
  {
    subject: 'Question about the warranty on {product}',
    body: 'How long is it covered, and do I go through you or the manufacturer? I bought it on {order} and kept the paperwork.',
    priority: 'low',
  },
  {
    subject: 'Refund has not shown up',
    body: 'I returned the {product} from {order} more than a week ago and my card still has not been credited. The clerk told me three to five days.',
    priority: 'high',
  },
  {
    subject: 'Please add the tax exemption to {order}',
    body: 'We are a registered nonprofit and our number is on file, but sales tax was still added when we picked up the {product}.',
  },
  {
    subject: 'Bulk price for {product}?',
    body: 'I picked one up on {order} to try and my crew likes it. What would you charge if I took a couple dozen for a job starting next month?',
    priority: 'low',
  },
  {
    subject: 'Loyalty points missing for {order}',
    body: 'I gave my phone number at the counter when I bought the {product}, yet the points never showed up in my account.',
    priority: 'low',
  },
  {
    subject: 'Thank you, and one small thing',
    body: 'The staff at {store} helped me pick out the {product} and could not have been kinder. The only hiccup: {order} has my old address on it. Please update it.',
    priority: 'low',
  },
  {
    subject: 'Cannot find the instructions for {product}',
    body: 'There was no leaflet in the package from {order} and I do not see a download on your site. Could you send me a PDF?',
  },
  {
    subject: 'Sent to the wrong address',
    body: 'According to the tracking page {order} was left at a house two streets over. My neighbor there has not seen the {product}. What do we do now?',
    priority: 'high',
  },
];

/** True of the products of one type. */
export const TEXTS_BY_TYPE: Readonly<Record<string, readonly [TicketText, ...TicketText[]]>> = {
  'Drills & Drivers': [
    {
      subject: '{product} smells hot and cuts out',
      body: 'After about ten minutes of ordinary drilling it smells like burning and stops. I have stopped using it. Bought on {order}.',
      priority: 'urgent',
    },
    {
      subject: 'Chuck on my {product} wobbles',
      body: 'The bit traces a little circle however I tighten it, so holes come out oversized. Is that covered or did I get a bad one?',
    },
  ],
  'Batteries & Accessories': [
    {
      subject: 'Does the {product} fit my older tools?',
      body: 'I picked it up on {order} without checking. My drill is about six years old. I would rather ask before opening the package.',
      priority: 'low',
    },
  ],
  Saws: [
    {
      subject: '{product} does not cut square',
      body: 'I set everything by the manual and still get cuts a degree or two off. Is there an adjustment I am missing, or should I exchange it?',
    },
  ],
  'Nailers & Compressors': [
    {
      subject: 'Air leak on the {product}',
      body: 'There is a steady hiss near the fitting even with thread tape on it. It came with order {order}. Could you send a new seal?',
    },
  ],
  'Interior Paint': [
    {
      subject: 'Second can of {product} is a different shade',
      body: 'Two cans, same name on the label, and you can see the line on my wall where I switched. I kept both lids. The order is {order}.',
      priority: 'high',
    },
    {
      subject: 'How long before I can wash the wall?',
      body: 'We finished the hallway with {product} on Saturday and my toddler has already been at it with a marker.',
      priority: 'low',
    },
  ],
  'Exterior Paint': [
    {
      subject: '{product} is peeling after one winter',
      body: 'I washed and primed as the label says and it is coming off in strips on the north side. What do you need from me for a claim? Order {order}.',
      priority: 'high',
    },
  ],
  'Stains & Clear Coats': [
    {
      subject: '{product} is still tacky after three days',
      body: 'It has been dry and in the sixties here. Do I wait, wipe it with something, or strip it off and start again?',
    },
  ],
  'Door Hardware & Locks': [
    {
      subject: 'Two {product} units, can they share a key?',
      body: 'I bought these on {order} for the front and back doors and would like one key for both. Does your {store} counter do that?',
      priority: 'low',
    },
    {
      subject: 'Latch does not line up',
      body: 'I followed the template that came with the {product} and the latch hits the plate a quarter inch low. Before I start chiseling, is there a trick?',
    },
  ],
  'Dimensional Lumber': [
    {
      subject: 'Half the boards are twisted',
      body: 'The {product} delivered with {order} was from the bottom of the pile. At least a third are too crooked to use. Can the driver take them back?',
      priority: 'high',
    },
  ],
  'Boards & Decking': [
    {
      subject: 'Short on my {product} delivery',
      body: 'I counted twice and the bundle is four pieces short of what {order} says. The crew is here on Monday, so the sooner the better.',
      priority: 'urgent',
    },
  ],
  'Concrete & Masonry': [
    {
      subject: 'Order of {product} got wet in transit',
      body: 'The wrap was torn on the pallet and part of it sat in the rain on the truck. I do not want to build on that. Order {order}.',
      priority: 'high',
    },
  ],
  Lighting: [
    {
      subject: '{product} flickers',
      body: 'It flickers on every setting, on two different circuits. The old one in the same spot was fine. I still have the receipt for {order}.',
    },
  ],
  'Heating & Ventilation': [
    {
      subject: 'Is the {product} right for a rental?',
      body: 'My landlord wants to see the safety listing before I install it. Where do I find that? It was on order {order}.',
    },
    {
      subject: '{product} recall?',
      body: 'A friend told me something like this was recalled last year. Could you confirm that mine, from {order}, is not part of it?',
      priority: 'urgent',
    },
  ],
  'Faucets & Showers': [
    {
      subject: '{product} drips from the base',
      body: 'Installed it on the weekend and there is a slow drip whenever it runs. The hoses are tight and dry, so I suspect the cartridge.',
    },
  ],
  'Toilets & Sinks': [
    {
      subject: 'Crack in the {product}',
      body: 'There is a hairline crack that I only noticed after unpacking. Nobody dropped it. Please tell me how to exchange it, it is too heavy for my car. Order {order}.',
      priority: 'high',
    },
  ],
  'Water Heating & Pumps': [
    {
      subject: 'Help, {product} trips the breaker',
      body: 'Each time it starts the breaker goes within seconds. My electrician says the circuit is fine. I have no backup, so please call.',
      priority: 'urgent',
    },
  ],
  'Mowers & Powered Equipment': [
    {
      subject: '{product} will not start',
      body: 'Worked twice and now nothing at all, not even a click. I cleaned it and read the troubleshooting page. Can your {store} shop look at it?',
      priority: 'high',
    },
  ],
  'Soil, Seed & Plant Care': [
    {
      subject: 'Are pets safe around {product}?',
      body: 'The label is smeared and I have two dogs that eat everything. How long should I keep them off the yard?',
    },
  ],
  'Patio & Yard': [
    {
      subject: 'Missing hardware for {product}',
      body: 'The parts bag has no hex bolts at all, and the drawing calls for sixteen. I am halfway through putting it together. Order {order}.',
    },
  ],
  Shelving: [
    {
      subject: '{product} leans to one side',
      body: 'It is assembled on a level floor and still leans. One of the parts looks bent to me. Can I exchange just that piece?',
    },
  ],
  'Garage & Tool Storage': [
    {
      subject: 'Dent in my {product}',
      body: 'The carton from {order} looked perfect but there is a fist-sized dent in the back. I can live with it for a partial refund.',
    },
  ],
};

export const OPENINGS = [
  '',
  '',
  'Hi, ',
  'Hello, ',
  'Good morning. ',
  'Hi there, ',
  'To whom it may concern: ',
] as const;

export const CLOSINGS = [
  ...['', 'Thanks', 'Thank you', 'Thanks in advance', 'Regards', 'Best', 'Appreciate the help'],
] as const;
