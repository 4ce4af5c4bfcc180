import type { CatalogueCategory } from './category.ts';

/** New Year's resolutions, and the move back to school in August. */
export const storage: CatalogueCategory = {
  name: 'Storage & Organization',
  share: 0.07,
  months: [1.4, 1.15, 1.1, 1.0, 0.9, 0.85, 0.85, 1.1, 1.05, 0.95, 0.8, 0.85],
  types: [
    {
      name: 'Shelving',
      products: [
        [
          'ST-9101',
          'Steel Shelving Unit, 5 Tier',
          6430,
          'Boltless rack, 72 inches high, that carries 800 pounds per shelf in a garage or stockroom.',
        ],
        [
          'ST-9102',
          'Wire Shelving Unit, Chrome 4 Tier',
          5280,
          'Open shelves adjust every inch and let air move around pantry goods or wet boots.',
        ],
        [
          'ST-9103',
          'Plastic Shelving, 4 Tier Ventilated',
          3160,
          'Snaps together without tools and does not rust in a damp basement or greenhouse.',
        ],
        [
          'ST-9104',
          'Floating Shelf 36 in., Walnut',
          2240,
          'Hidden bracket screws to the studs; holds about 30 pounds of books or plants.',
        ],
        [
          'ST-9105',
          'Shelf Bracket 10 in., Black Pair',
          720,
          'Forged-look steel angles for a plank shelf above a desk or toilet.',
        ],
        [
          'ST-9106',
          'Twin-Track Upright 48 in.',
          640,
          'Slotted wall rail for adjustable brackets, so shelves can move as the closet fills.',
        ],
        [
          'ST-9107',
          'Corner Shelf Set, 5 Tier White',
          1970,
          'Zigzag unit that puts an empty corner to use for photographs and small speakers.',
        ],
      ],
    },
    {
      name: 'Bins & Totes',
      products: [
        [
          'ST-9201',
          'Storage Tote 27 gal, Black and Yellow',
          790,
          'Tough lidded bin that stacks in the garage and can be strapped to a roof rack.',
        ],
        [
          'ST-9202',
          'Clear Storage Box 16 qt, 6 Pack',
          2480,
          'See what is inside without opening. Latching lids keep moths and dust off sweaters.',
        ],
        [
          'ST-9203',
          'Under-Bed Box with Wheels',
          1580,
          'Six inches tall with a hinged lid, made for spare bedding and off-season shoes.',
        ],
        [
          'ST-9204',
          'Hanging Stack Bins, 12 Pack',
          1940,
          'Open-front plastic bins that hook on a louvered panel, for screws, fittings and craft beads.',
        ],
        [
          'ST-9205',
          'Gasketed Weatherproof Bin 60 qt',
          2130,
          'A foam seal and six latches keep rain out of camping gear and emergency supplies.',
        ],
        [
          'ST-9206',
          'Woven Basket, Seagrass Set of 3',
          2650,
          'Nesting baskets with handles for toys, throws and firewood kindling.',
        ],
        [
          'ST-9207',
          'Vacuum Storage Bags, 8 Pack',
          1320,
          'Shrink duvets and coats to a third of their bulk with a household vacuum.',
        ],
        [
          'ST-9208',
          'Ornament Storage Chest',
          1690,
          'Dividers for 64 glass balls and a padded tray for the tree topper.',
        ],
      ],
    },
    {
      name: 'Closet Organization',
      products: [
        [
          'ST-9301',
          'Wire Closet Kit 5-8 ft',
          4870,
          'Two rows of hanging space and a shoe shelf that cut to fit the width of a reach-in closet.',
        ],
        [
          'ST-9302',
          'Closet Rod 48-72 in., Adjustable',
          1140,
          'Telescoping chrome rod that needs no sawing. End sockets included.',
        ],
        [
          'ST-9303',
          'Velvet Hangers, 50 Pack',
          1980,
          'Slim and non-slip, so silk stays put and the rod holds twice as many shirts.',
        ],
        [
          'ST-9304',
          'Over-Door Shoe Rack, 36 Pairs',
          1720,
          'Hooks on the back of a door without screws and folds flat when you move.',
        ],
        [
          'ST-9305',
          'Hanging Sweater Organizer, 6 Shelf',
          980,
          'Canvas cubbies that hang from the rod, also good for a week of school outfits.',
        ],
        [
          'ST-9306',
          'Drawer Dividers, Bamboo 4 Pack',
          1560,
          'Spring-loaded slats sort socks or utensils and press against both sides to stay in place.',
        ],
        [
          'ST-9307',
          'Freestanding Wardrobe with Doors',
          11260,
          'Seventy inches of laminate cabinet with a rail and two shelves, for a room with no closet.',
        ],
        [
          'ST-9308',
          'Laundry Sorter, 3 Bag',
          2870,
          'Rolling frame with lift-out bags for lights, darks and towels.',
        ],
      ],
    },
    {
      name: 'Garage & Tool Storage',
      products: [
        [
          'ST-9401',
          'Rolling Tool Chest, 5 Drawer',
          16840,
          'Ball-bearing drawers with liners and a keyed lock. The casters take 450 pounds.',
        ],
        [
          'ST-9402',
          'Portable Toolbox 22 in.',
          2260,
          'Structural-foam box with a metal latch, lift-out tray and parts organizers in the lid.',
        ],
        [
          'ST-9403',
          'Tool Bag 18 in., Open Mouth',
          3040,
          'Thirty pockets around a waterproof base; the steel frame keeps it open while you work.',
        ],
        [
          'ST-9404',
          'Pegboard Kit 4 x 4 ft, White',
          3780,
          'Two metal panels with 40 hooks and a shelf, which mount on drywall without furring.',
        ],
        [
          'ST-9405',
          'Overhead Garage Rack 4 x 8 ft',
          9650,
          'Hangs from the ceiling joists and carries 600 pounds of totes above the car hood.',
        ],
        [
          'ST-9406',
          'Wall Track System 5 ft with Hooks',
          3490,
          'Slide hooks along an aluminum rail to hang ladders, rakes and bicycles.',
        ],
        [
          'ST-9407',
          'Bike Hoist, Ceiling Mount',
          1870,
          'Pulley lift with a rope brake that raises a bicycle or kayak up to 100 pounds.',
        ],
        [
          'ST-9408',
          'Workbench 6 ft, Adjustable Height',
          17930,
          'Solid rubberwood top on a steel frame that cranks from 28 to 42 inches. Power strip built in.',
        ],
        [
          'ST-9409',
          'Small Parts Organizer, 39 Drawers',
          2420,
          'See-through drawers for fuses, washers and fishing tackle. Stands or hangs on a wall.',
        ],
        [
          'ST-9410',
          'Folding Sawhorse, Pair',
          3620,
          'Holds 1,300 pounds across the two with a built-in shelf and cord hooks.',
        ],
      ],
    },
    {
      name: 'Kitchen & Bath Storage',
      products: [
        [
          'ST-9501',
          'Pull-Out Cabinet Shelf 20 in.',
          3330,
          'Chrome basket on full-extension slides brings pots at the back of a base cabinet out to you.',
        ],
        [
          'ST-9502',
          'Lazy Susan 12 in., Two Tier',
          1290,
          'Turns spices and sauces into reach in a deep corner cupboard.',
        ],
        [
          'ST-9503',
          'Under-Sink Organizer, Expandable',
          1780,
          'Shelf panels fit around the trap and adjust between 15 and 25 inches.',
        ],
        [
          'ST-9504',
          'Magnetic Knife Strip 16 in.',
          1510,
          'Acacia-faced bar that holds eight knives on the wall and frees the counter.',
        ],
        [
          'ST-9505',
          'Medicine Cabinet 20 x 26 in., Mirrored',
          7460,
          'Recess it or hang it on the surface; three glass shelves and a door that swings either way.',
        ],
        [
          'ST-9506',
          'Over-Toilet Storage Rack',
          3190,
          'Three shelves on a bronze frame that stands over the tank with no drilling.',
        ],
        [
          'ST-9507',
          'Shower Caddy, Rustproof Aluminum',
          1640,
          'Hangs from the shower arm with a clamp that stops it from sliding; two baskets and razor hooks.',
        ],
      ],
    },
    {
      name: 'Hooks, Labels & Safes',
      products: [
        [
          'ST-9601',
          'Coat Hook Rail, 5 Hooks',
          1450,
          'Oak board with iron hooks for the entry, predrilled sixteen inches apart to catch two studs.',
        ],
        [
          'ST-9602',
          'Adhesive Hooks, Medium 9 Pack',
          680,
          'Hold three pounds each and peel off paint cleanly by stretching the tab.',
        ],
        [
          'ST-9603',
          'Utility Hook, Bicycle Vinyl-Coated',
          230,
          'Screws into a joist and will not scratch a wheel rim or ladder rail.',
        ],
        [
          'ST-9604',
          'Label Maker, Handheld',
          2690,
          'Prints laminated tape for breaker panels, spice jars and file boxes.',
        ],
        [
          'ST-9605',
          'Cable Management Box',
          1370,
          'Hides a power strip and its tangle of adapters, with slots at both ends.',
        ],
        [
          'ST-9606',
          'Fire-Resistant Document Safe',
          6580,
          'Protects passports and deeds for an hour at 1,700 degrees Fahrenheit. Keyed, with a carrying handle.',
        ],
        [
          'ST-9607',
          'Key Cabinet, 48 Hooks',
          2110,
          'Lockable steel box with numbered tags, for a rental office or a workshop.',
        ],
        [
          'ST-9608',
          'Hook-and-Loop Cable Ties, 50 Pack',
          740,
          'Reusable straps that bundle cords and hoses without leaving residue.',
        ],
      ],
    },
  ],
};
