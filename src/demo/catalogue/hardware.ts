import type { CatalogueCategory } from './category.ts';

/** Nearly flat, a little more when people build and move. */
export const hardware: CatalogueCategory = {
  name: 'Hardware',
  share: 0.15,
  months: [0.9, 0.9, 1.0, 1.05, 1.1, 1.1, 1.05, 1.05, 1.0, 1.0, 0.95, 0.9],
  types: [
    {
      name: 'Screws',
      products: [
        [
          'HW-4101',
          'Deck Screws #10 x 3 in., 1 lb',
          870,
          'Tan-coated exterior screws with a star drive that does not strip. Rated for pressure-treated lumber.',
        ],
        [
          'HW-4102',
          'Drywall Screws #6 x 1-1/4 in., 5 lb',
          1430,
          'Coarse black phosphate screws for half-inch board on wood studs, roughly 1,500 in the box.',
        ],
        [
          'HW-4103',
          'Wood Screws #8 x 1-1/2 in., 100 Pack',
          640,
          'Zinc-plated flat heads that countersink flush in hinges, shelves and cabinet frames.',
        ],
        [
          'HW-4104',
          'Structural Screws 5/16 x 4 in., 50 Pack',
          2670,
          'Washer-head replacement for lag bolts: no pilot hole, drives into ledger boards and beams with an impact driver.',
        ],
        [
          'HW-4105',
          'Pocket-Hole Screws 1-1/4 in., 100 Pack',
          590,
          'Self-tapping with a wide flat head that seats in the pocket and pulls 3/4 inch stock tight.',
        ],
        [
          'HW-4106',
          'Sheet Metal Screws #8 x 3/4 in., 100 Pack',
          520,
          'Pan-head self-drillers for ductwork, gutters and metal studs.',
        ],
        [
          'HW-4107',
          'Stainless Machine Screws 10-32, Assorted',
          1180,
          'Eighteen-eight stainless round heads in five lengths with nuts, for boats, appliances and electrical boxes.',
        ],
        [
          'HW-4108',
          'Concrete Screws 1/4 x 2-3/4 in., 25 Pack',
          1090,
          'Blue hex-head anchors that thread straight into block or concrete. A matching drill bit is in the box.',
        ],
      ],
    },
    {
      name: 'Nails & Staples',
      products: [
        [
          'HW-4201',
          'Framing Nails 16d, 5 lb',
          1210,
          'Bright smooth-shank sinkers for interior wall framing and blocking.',
        ],
        [
          'HW-4202',
          'Galvanized Common Nails 10d, 5 lb',
          1460,
          'Hot-dipped to stand the weather in fences, sheds and treated posts.',
        ],
        [
          'HW-4203',
          'Finish Nails 6d, 1 lb',
          430,
          'Thin shank and small cupped head, easy to set below the surface of door casing and fill.',
        ],
        [
          'HW-4204',
          'Roofing Nails 1-1/4 in., 5 lb',
          1320,
          'Large flat heads hold asphalt shingles and felt down in wind; electro-galvanized.',
        ],
        [
          'HW-4205',
          'Joist Hanger Nails 1-1/2 in., 1 lb',
          560,
          'Short, thick nails made for metal connectors where an ordinary nail would stick out of the far side.',
        ],
        [
          'HW-4206',
          'Brad Nails 18 ga. x 1-1/4 in., 2000 Pack',
          710,
          'Collated strips for pneumatic brad nailers, used on casing and quarter-round.',
        ],
        [
          'HW-4207',
          'Collated Framing Nails 21 Degree, 2000 Pack',
          3340,
          'Plastic-collated 3-1/4 inch round-head nails that code accepts for structural framing.',
        ],
        [
          'HW-4208',
          'T50 Staples 3/8 in., 5000 Pack',
          740,
          'Fits most hand and electric staple guns; fasten house wrap, screening and insulation.',
        ],
      ],
    },
    {
      name: 'Bolts, Nuts & Anchors',
      products: [
        [
          'HW-4301',
          'Hex Bolt Assortment, Grade 5',
          2180,
          'Bolts, nuts and washers from 1/4 to 1/2 inch in a divided tray for the garage shelf.',
        ],
        [
          'HW-4302',
          'Carriage Bolts 3/8 x 6 in., 10 Pack',
          1040,
          'Smooth round heads with a square neck that locks in the wood. Used for gates, benches and play sets.',
        ],
        [
          'HW-4303',
          'Lag Bolts 3/8 x 4 in., 10 Pack',
          930,
          'Galvanized heavy wood bolts for ledger boards and swing hangers. Drill a pilot hole first.',
        ],
        [
          'HW-4304',
          'Threaded Rod 3/8 in. x 3 ft',
          490,
          'Cut it with a hacksaw to hang pipe, duct or a workbench shelf from the joists.',
        ],
        [
          'HW-4305',
          'Drywall Anchors, Self-Drilling 50 Pack',
          760,
          'Zinc anchors that screw in with a Phillips bit, good for 50 pounds each in half-inch board.',
        ],
        [
          'HW-4306',
          'Toggle Bolts 1/4 in., 10 Pack',
          680,
          'Spring wings open behind hollow walls and spread the load of shelves and TV mounts.',
        ],
        [
          'HW-4307',
          'Wedge Anchors 1/2 x 4-1/4 in., 10 Pack',
          1570,
          'Expansion bolts for fixing sill plates, machinery feet and posts to cured concrete.',
        ],
        [
          'HW-4308',
          'Nylon Lock Nuts Assortment',
          840,
          'Six sizes with an insert that resists loosening on mowers, swings and bicycle racks.',
        ],
        [
          'HW-4309',
          'Washer Assortment, Zinc 240 Pieces',
          790,
          'Flat, fender and split-lock washers in one case, sizes #6 through 1/2 inch.',
        ],
      ],
    },
    {
      name: 'Door Hardware & Locks',
      products: [
        [
          'HW-4401',
          'Passage Door Knob, Satin Nickel',
          1160,
          'Non-locking knob for closets and hallways. Fits doors 1-3/8 to 1-3/4 inches thick with either backset.',
        ],
        [
          'HW-4402',
          'Privacy Lever, Matte Black',
          1580,
          'Bath and bedroom lever with a push-button lock that opens from outside with a small pin in an emergency.',
        ],
        [
          'HW-4403',
          'Deadbolt, Single Cylinder',
          2130,
          'Grade 2 one-inch throw bolt with a reinforced strike plate and three-inch screws that reach the stud.',
        ],
        [
          'HW-4404',
          'Smart Deadbolt with Keypad',
          7660,
          'Unlock by code, app or key. Holds 25 visitor codes and runs about a year on four AA cells.',
        ],
        [
          'HW-4405',
          'Butt Hinges 3-1/2 in., 3 Pack',
          890,
          'Five-eighths radius corners match most prehung interior doors; the pins lift out.',
        ],
        [
          'HW-4406',
          'Self-Closing Hinge, Spring 4 in.',
          1340,
          'Shuts the door between garage and house on its own, as fire codes ask. Tension sets with a hex key.',
        ],
        [
          'HW-4407',
          'Barn Door Track Kit 6.6 ft',
          6280,
          'Powder-coated flat rail, rollers, stops and floor guide for a door up to 200 pounds.',
        ],
        [
          'HW-4408',
          'Door Weatherstrip Set',
          970,
          'Adhesive foam for the sides and top plus a sweep for the bottom stop the draft under an entry door.',
        ],
        [
          'HW-4409',
          'Padlock, Laminated Steel 1-3/4 in.',
          820,
          'Four-pin cylinder and a hardened shackle for sheds and toolboxes. Two keys.',
        ],
        [
          'HW-4410',
          'Combination Padlock, Weatherproof',
          1270,
          'Four dials you set yourself, under a rubber cover that keeps rain and grit out of a gate latch.',
        ],
      ],
    },
    {
      name: 'Cabinet Hardware',
      products: [
        [
          'HW-4501',
          'Bar Pull 5 in., Brushed Nickel 10 Pack',
          2260,
          'Straight cabinet pulls on 128 mm centers, screws for 3/4 inch drawer fronts included.',
        ],
        [
          'HW-4502',
          'Round Cabinet Knob, Oil-Rubbed Bronze',
          240,
          'Plain mushroom knob, 1-1/4 inches across, whose dark finish wears to copper at the edges.',
        ],
        [
          'HW-4503',
          'Soft-Close Hinge, Full Overlay Pair',
          640,
          'Concealed cup hinges that pull the door shut quietly and adjust three ways with a screwdriver.',
        ],
        [
          'HW-4504',
          'Drawer Slides 18 in., Ball-Bearing Pair',
          1190,
          'Full-extension side-mount slides rated for 100 pounds, so you can see the back of the drawer.',
        ],
        [
          'HW-4505',
          'Magnetic Cabinet Catch, 6 Pack',
          510,
          'Holds doors shut on older cabinets that have lost their spring; slotted holes allow adjustment.',
        ],
        [
          'HW-4506',
          'Shelf Pins 1/4 in., 24 Pack',
          380,
          'Nickel spoon-shaped supports for adjustable bookcase and closet shelves.',
        ],
        [
          'HW-4507',
          'Child Safety Cabinet Latches, 8 Pack',
          920,
          'Adhesive latches open with a magnetic key and stay out of sight inside the door.',
        ],
      ],
    },
    {
      name: 'Rope, Chain & Brackets',
      products: [
        [
          'HW-4601',
          'Braided Nylon Rope 1/2 in. x 50 ft',
          1690,
          'Stretches a little to absorb shock, for dock lines, towing a sled or hauling up a tree limb.',
        ],
        [
          'HW-4602',
          'Paracord 550, 100 ft',
          680,
          'Seven-strand core with a 550 pound breaking strength; ties tarps, tents and bundles.',
        ],
        [
          'HW-4603',
          'Proof Coil Chain 1/4 in., per 10 ft',
          1740,
          'Grade 30 galvanized chain for gates, tailgates and hanging heavy signs. Not for overhead lifting.',
        ],
        [
          'HW-4604',
          'Ratchet Tie-Downs 1 in. x 15 ft, 4 Pack',
          1630,
          'Coated hooks and a 500 pound working load each, for lumber runs and moving furniture.',
        ],
        [
          'HW-4605',
          'Joist Hanger 2x8',
          190,
          'Galvanized U-shaped connector that carries the end of a joist on a beam or ledger.',
        ],
        [
          'HW-4606',
          'Corner Brace 3 in., 4 Pack',
          450,
          'Right-angle steel braces stiffen bed frames, boxes and shelf corners.',
        ],
        [
          'HW-4607',
          'Post Base 4x4, Adjustable',
          1420,
          'Keeps the end of a post an inch off the concrete so it cannot wick up water and rot.',
        ],
        [
          'HW-4608',
          'Gate Hinge and Latch Kit',
          1760,
          'Two strap hinges, a thumb latch and the screws for a wooden garden gate up to 55 pounds.',
        ],
        [
          'HW-4609',
          'Screw Hooks Assortment, 60 Pieces',
          530,
          'Cup hooks, square hooks and eyes in brass-plated steel for mugs, plants and picture wire.',
        ],
        [
          'HW-4610',
          'Heavy-Duty Casters 3 in., Set of 4',
          1850,
          'Two swivel with brakes and two without; rubber treads roll a 600 pound workbench without marking the floor.',
        ],
      ],
    },
  ],
};
