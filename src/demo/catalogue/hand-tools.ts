import type { CatalogueCategory } from './category.ts';

/** Gifts: Father's Day in June, then December. */
export const handTools: CatalogueCategory = {
  name: 'Hand Tools',
  share: 0.13,
  months: [0.85, 0.85, 0.95, 1.0, 1.05, 1.15, 1.05, 1.0, 0.95, 0.95, 1.0, 1.2],
  types: [
    {
      name: 'Hammers & Striking Tools',
      products: [
        [
          'HT-1101',
          'Curved-Claw Hammer 16 oz',
          1090,
          'Everyday framing and household hammer with a hickory handle. The curved claw rocks bent nails out without a second tool.',
        ],
        [
          'HT-1102',
          'Milled-Face Framing Hammer 22 oz',
          2240,
          'The waffle pattern on the face grips nail heads when you swing hard. Straight claw for prying boards apart; not for trim, as it marks the wood.',
        ],
        [
          'HT-1103',
          'Ball-Peen Hammer 12 oz',
          960,
          'For shaping metal, setting rivets and striking cold chisels, with one flat and one rounded face.',
        ],
        [
          'HT-1104',
          'Dead-Blow Mallet 32 oz',
          1780,
          'Filled with steel shot so it lands without bouncing back. Moves machine parts and cabinet joints without denting them.',
        ],
        [
          'HT-1105',
          'Rubber Mallet 16 oz',
          740,
          'Knocks tiles, pavers and flat-pack joints into place; the black rubber head leaves no dents in soft wood.',
        ],
        [
          'HT-1106',
          'Drilling Hammer 3 lb',
          1640,
          'Short-handled sledge for tight spots: driving stakes, hitting masonry chisels, breaking up small pieces of concrete.',
        ],
        [
          'HT-1107',
          'Tack Hammer, Magnetic 5 oz',
          1120,
          'One end of the split head is magnetized and holds an upholstery tack while the other hand pulls the fabric tight.',
        ],
      ],
    },
    {
      name: 'Screwdrivers & Hex Keys',
      products: [
        [
          'HT-1201',
          'Screwdriver Set, 8 Pieces',
          1730,
          'Four slotted and four Phillips drivers from stubby to eight inches, in a rack that hangs on a pegboard.',
        ],
        [
          'HT-1202',
          'Ratcheting Multi-Bit Screwdriver',
          1490,
          'Six double-ended bits store in the handle. The ratchet locks in either direction, so you never have to shift your grip.',
        ],
        [
          'HT-1203',
          'Precision Screwdriver Kit, 32 Bits',
          1260,
          'Tiny Torx, pentalobe and tri-wing bits with a swivel-cap handle, made for phones, glasses and laptop cases.',
        ],
        [
          'HT-1204',
          'Insulated Screwdriver Pair, 1000 V',
          1840,
          'A slotted and a Phillips driver with insulation down to the tip, individually tested for work near live conductors up to 1000 V.',
        ],
        [
          'HT-1205',
          'Stubby Screwdriver, 2-in-1',
          420,
          'Only three inches long, for screws under a sink or behind a drawer. The bit flips from Phillips to slotted.',
        ],
        [
          'HT-1206',
          'Folding Hex Key Set, SAE',
          890,
          'Nine inch-sized hex keys, 5/64 to 1/4, that fold like a pocket knife and lock at three angles.',
        ],
        [
          'HT-1207',
          'Ball-End Hex Key Set, Metric',
          1170,
          'Long-arm keys from 1.5 to 10 mm. The ball end turns a screw at up to 25 degrees off its axis.',
        ],
        [
          'HT-1208',
          'T-Handle Torx Driver Set, 6 Pieces',
          1950,
          'T10 through T30 with comfortable cross handles that give more torque than a straight driver, handy for deck screws and bike brakes.',
        ],
      ],
    },
    {
      name: 'Pliers & Cutters',
      products: [
        [
          'HT-1301',
          'Lineman Pliers 9 in.',
          1880,
          'Twists, grips and cuts heavy wire; the hardened edges go through nails and screws as well.',
        ],
        [
          'HT-1302',
          'Needle-Nose Pliers 6 in.',
          1010,
          'Slim tapered jaws bend wire loops and reach dropped screws inside a junction box. Side cutter near the pivot.',
        ],
        [
          'HT-1303',
          'Tongue-and-Groove Pliers 10 in.',
          1360,
          'Seven jaw positions open to two inches for drain nuts and pipes. The undercut groove keeps the setting from slipping.',
        ],
        [
          'HT-1304',
          'Locking Pliers, Curved Jaw 10 in.',
          1290,
          'Clamps on and stays on. Good for rounded bolt heads, holding parts for welding, or as a temporary handle.',
        ],
        [
          'HT-1305',
          'Diagonal Cutting Pliers 7 in.',
          1240,
          'Snips copper wire, zip ties and small nails flush, with the cutting edges set at an angle to keep knuckles off the surface.',
        ],
        [
          'HT-1306',
          'End Nippers 8 in.',
          1130,
          'Bites off nails close to the board and rolls them out like a small crowbar; favored by flooring installers and tile setters.',
        ],
        [
          'HT-1307',
          'Aviation Snips, Left and Right Pair',
          2370,
          'Compound-action shears for sheet metal up to 18 gauge. Red handles cut curves to the left, green to the right.',
        ],
        [
          'HT-1308',
          'Bolt Cutters 24 in.',
          2690,
          'Two feet of leverage for chain, padlock shackles and rebar tie wire up to 3/8 inch. Jaws adjust as they wear.',
        ],
      ],
    },
    {
      name: 'Wrenches & Sockets',
      products: [
        [
          'HT-1401',
          'Adjustable Wrench 10 in.',
          1440,
          'Opens to 1-1/4 inches with a scale stamped on the jaw, so you can preset it before climbing the ladder.',
        ],
        [
          'HT-1402',
          'Combination Wrench Set, Metric 12 Pieces',
          3620,
          'Open end on one side, twelve-point box on the other, 8 to 19 mm, in a roll-up pouch.',
        ],
        [
          'HT-1403',
          'Ratcheting Wrench Set, SAE 7 Pieces',
          4180,
          'Seventy-two fine teeth need only five degrees of swing, which makes the difference in a cramped engine bay.',
        ],
        [
          'HT-1404',
          'Socket Set 3/8 in. Drive, 40 Pieces',
          4460,
          'Metric and inch sockets, a quick-release ratchet and two extensions in a case that keeps each size in its place.',
        ],
        [
          'HT-1405',
          'Torque Wrench 1/2 in. Drive',
          5230,
          'Clicks at the set value from 25 to 150 foot-pounds. Use it for wheel lugs, deck post anchors and anything with a torque spec.',
        ],
        [
          'HT-1406',
          'Cast-Iron Pipe Wrench 14 in.',
          2150,
          'Hook jaw bites harder the more you pull. Fits threaded steel pipe up to two inches.',
        ],
        [
          'HT-1407',
          'Basin Wrench 11 in.',
          1320,
          'The swiveling jaw on a long shaft reaches the nuts behind a sink that no ordinary wrench can get to.',
        ],
      ],
    },
    {
      name: 'Saws & Knives',
      products: [
        [
          'HT-1501',
          'Hand Saw 20 in., 9 TPI',
          1410,
          'General-purpose crosscut saw for lumber and plywood. The heel of the blade doubles as a 45 and 90 degree marking guide.',
        ],
        [
          'HT-1502',
          'Japanese Pull Saw, Double-Edged',
          2080,
          'Cuts on the pull stroke with a thin, straight kerf: fine teeth for crosscuts on one edge, coarse rip teeth on the other.',
        ],
        [
          'HT-1503',
          'Hacksaw with Tension Dial 12 in.',
          1380,
          'Holds the blade tight enough to saw bolts and pipe straight; a spare blade stores inside the frame.',
        ],
        [
          'HT-1504',
          'Jab Saw for Drywall',
          790,
          'Push the sharpened tip through the board, then cut openings for outlets and pipes without drilling a starter hole.',
        ],
        [
          'HT-1505',
          'Coping Saw 6 in.',
          860,
          'A fine blade that turns in its frame, for scribing baseboard corners and cutting tight curves in thin stock.',
        ],
        [
          'HT-1506',
          'Retractable Utility Knife',
          690,
          'Opens with a push of the nose to swap blades, no screwdriver needed. Three spare blades are inside the handle.',
        ],
        [
          'HT-1507',
          'Utility Knife Blades, 100 Pack',
          980,
          'Standard two-notch carbon steel blades in a wall dispenser with a slot for the used ones.',
        ],
        [
          'HT-1508',
          'Snap-Off Knife 18 mm',
          530,
          'Break off the dull segment and carry on. The wheel lock holds the blade at the length you chose, for drywall, foam or carpet.',
        ],
      ],
    },
    {
      name: 'Measuring & Layout',
      products: [
        [
          'HT-1601',
          'Tape Measure 25 ft',
          1060,
          'A one-inch blade that stands out nine feet before it bends, marked every 16 inches for stud spacing.',
        ],
        [
          'HT-1602',
          'Long Tape 100 ft, Fiberglass',
          1590,
          'Open-reel tape for fences, yards and foundations. Does not rust, stretch or conduct electricity.',
        ],
        [
          'HT-1603',
          'Torpedo Level 9 in., Magnetic',
          1180,
          'Three vials and a strong magnetic edge that sticks to pipe and conduit so both hands stay free.',
        ],
        [
          'HT-1604',
          'Box-Beam Level 48 in.',
          3470,
          'Milled aluminum frame for door jambs, cabinets and block walls, accurate to half a millimeter per meter.',
        ],
        [
          'HT-1605',
          'Speed Square 7 in.',
          720,
          'Marks rafter angles, guides a circular saw through square cuts, and fits in a back pocket.',
        ],
        [
          'HT-1606',
          'Combination Square 12 in.',
          1340,
          'The sliding head checks 45 and 90 degree corners and sets depths; a small scriber and bubble vial are built in.',
        ],
        [
          'HT-1607',
          'Chalk Line Reel 100 ft',
          830,
          'Snaps a straight blue line across a subfloor or roof deck. Geared handle winds back three times faster.',
        ],
        [
          'HT-1608',
          'Digital Caliper 6 in.',
          2290,
          'Reads inside, outside and depth to a thousandth of an inch, and switches to millimeters or fractions at a button.',
        ],
        [
          'HT-1609',
          'Stud Finder with AC Warning',
          1960,
          'Finds the edges of wood and metal studs behind drywall up to 3/4 inch, and lights red over live wiring.',
        ],
      ],
    },
    {
      name: 'Clamps & Prying',
      products: [
        [
          'HT-1701',
          'One-Handed Bar Clamp 12 in., Pair',
          1810,
          'Squeeze the trigger to tighten with one hand while the other holds the work. Reverses into a spreader.',
        ],
        [
          'HT-1702',
          'C-Clamp 4 in.',
          640,
          'Ductile iron frame with an acme screw and a swivel pad, strong enough for metalwork and gluing thick stock.',
        ],
        [
          'HT-1703',
          'Spring Clamp Set, 10 Pieces',
          1150,
          'Assorted nylon hand clamps for glue-ups, drop cloths and holding a tarp in a breeze.',
        ],
        [
          'HT-1704',
          'Pipe Clamp Fixture 3/4 in.',
          1270,
          'Screws onto any length of threaded black pipe to make a clamp as wide as a tabletop. Pipe not included.',
        ],
        [
          'HT-1705',
          'Flat Pry Bar 15 in.',
          1020,
          'Thin beveled ends slide behind trim and siding; three nail slots pull at different angles.',
        ],
        [
          'HT-1706',
          'Wrecking Bar 30 in.',
          1560,
          'Hexagonal steel bar with a hooked claw for demolition: pallets, decking, old framing.',
        ],
        [
          'HT-1707',
          'Wood Chisel Set, 4 Pieces',
          2420,
          'Half-inch to 1-1/4 inch bevel-edged chisels with steel-capped handles you can strike. Ships with blade guards.',
        ],
      ],
    },
  ],
};
