/** First names common in Washington State, of many origins. */
export const FIRST_NAMES: readonly string[] = (
  'Aaliyah Aaron Abigail Ahmed Aiko Alejandro Alex Alice Alicia Amanda Amina Amir Amy Ana Andre Andrea Andrew Angela ' +
  'Anh Anika Anna Anthony Arjun Ashley Astrid Barbara Beatriz Ben Bethany Bianca Brandon Brian Brooke Bruce Caleb ' +
  'Cameron Camila Carla Carlos Carol Catherine Charles Charlotte Chen Chloe Christina Christopher Claire Colin Connor ' +
  'Craig Cynthia Daniel Daniela David Deborah Deepa Denise Derek Diana Diego Dmitri Donna Douglas Duc Dylan Eduardo ' +
  'Eleanor Elena Elijah Elizabeth Ella Emily Emma Eric Erin Esther Ethan Eva Evelyn Farah Fatima Felix Fiona Frances ' +
  'Francisco Gabriel Gabriela George Gloria Grace Greg Hana Hannah Harold Harper Heather Hector Helen Henry Hiroshi Hugo ' +
  'Ian Ibrahim Ines Ingrid Irene Isaac Isabel Ivan Jack Jacob Jacqueline Jamal James Janet Jasmine Jason Javier ' +
  'Jennifer Jeremy Jessica Jin Joan Joel John Jordan José Joseph Joyce Juan Judith Julia Julian Karen Karl Kate ' +
  'Katherine Keith Kelly Kenji Kenneth Kevin Khadija Kim Kyle Lakshmi Lars Laura Lauren Leah Leila Leo Leticia Liam ' +
  'Lily Linda Lisa Logan Lorenzo Louise Lucas Lucia Luis Luke Lydia Mai Manuel Marcus Margaret Maria Mariam Marisol Mark ' +
  'Martha Martin Mary Mateo Matthew Maya Megan Mei Melissa Michael Michelle Miguel Min Mohamed Monica Nadia Nancy Naomi ' +
  'Natalia Natasha Nathan Neha Nicholas Nicole Nina Noah Noor Oksana Oliver Olivia Omar Oscar Owen Pamela Patricia ' +
  'Patrick Paul Paula Peter Philip Phuong Priya Rachel Rafael Rahul Ravi Raymond Rebecca Renata Richard Rita Robert ' +
  'Roberto Rosa Ruth Ryan Sabrina Sally Samantha Samuel Sandra Sanjay Sara Scott Sean Sergei Sharon Shawn Sofia Sonia ' +
  'Stacy Stanley Stephanie Steven Susan Svetlana Sven Tamara Tanya Tara Teresa Theresa Thomas Tiffany Timothy Tomás ' +
  'Tracy Trang Travis Tuan Tyler Valerie Vanessa Veronica Victor Victoria Vikram Vincent Violet Walter Wei Wendy ' +
  'William Xavier Yan Yasmin Yolanda Yuki Yusuf Zachary Zoe'
).split(' ');

export const LAST_NAMES: readonly string[] = (
  'Abbott Abdi Acosta Adams Aguilar Ahmed Ali Allen Alvarez Andersen Anderson Armstrong Bailey Baker Banerjee Barnes ' +
  'Becker Bell Bennett Berg Bianchi Bishop Black Boyd Brooks Brown Bryant Burke Burns Butler Campbell Carlson ' +
  'Carpenter Carter Castillo Castro Chan Chang Chavez Chen Cho Choi Christensen Clark Cohen Cole Coleman Collins Cook ' +
  'Cooper Cox Craig Cruz Cunningham Dahl Dang Daniels Davis Delgado Diaz Dixon Do Douglas Duncan Dunn Edwards Ellis ' +
  'Engström Eriksen Espinoza Evans Farah Ferguson Fernandez Fischer Fisher Fitzgerald Flores Ford Foster Fox Franklin ' +
  'Freeman Fujimoto Garcia Gibson Gill Gomez Gonzalez Gordon Graham Grant Gray Green Griffin Gupta Gutierrez Hall ' +
  'Hamilton Hansen Hanson Harris Harrison Hart Hassan Hayashi Hayes Henderson Hernandez Herrera Hill Hoang Hoffman ' +
  'Holmes Howard Huang Hughes Hunt Hussein Huynh Ibrahim Ito Ivanov Jackson James Jang Jenkins Jensen Jimenez Johansson ' +
  'Johnson Johnston Jones Jordan Joshi Juarez Kaplan Kaur Kelly Kennedy Khan Kim King Knight Knudsen Kowalski Kumar ' +
  'Kuznetsov Lam Larsen Larson Lawson Le Lee Lewis Li Lin Lindberg Liu Long Lopez Lund Lynch Macdonald Martin Martinez ' +
  'Mason Matsumoto McCarthy McCoy McDonald McKenzie Medina Mehta Mendoza Meyer Miller Mitchell Mohamed Montgomery Moore ' +
  'Morales Moreno Morgan Morris Muñoz Murphy Murray Myers Nair Nakamura Nelson Newman Nguyen Nielsen Nilsen Novak ' +
  "O'Brien O'Connor O'Neill Ochoa Okafor Olsen Olson Ortega Ortiz Osman Owens Palmer Park Parker Patel Patterson Perez " +
  'Perry Petersen Peterson Petrov Pham Phan Phillips Pierce Popov Porter Powell Price Quinn Ramirez Ramos Rao Reed Reid ' +
  'Reyes Reynolds Rice Richardson Rivera Roberts Robinson Rodriguez Rogers Romero Rose Ross Ruiz Russell Ryan Saito ' +
  'Salazar Sanchez Sanders Santos Sato Schmidt Schneider Schultz Scott Shah Sharma Shaw Silva Simmons Simpson Singh ' +
  'Smith Snyder Solberg Soto Stein Stevens Stewart Stone Sullivan Suzuki Tanaka Taylor Thomas Thompson Thornton ' +
  'Torres Tran Tucker Turner Vargas Vasquez Vega Vo Wagner Walker Wallace Walsh Wang Ward Warren Washington Watanabe ' +
  'Watson Weaver Webb Weber Wells West White Williams Wilson Wolf Wong Wood Wright Wu Yamamoto Yang Yoder Young Zhang'
).split(' ');

/** A name as it stands in an e-mail address. */
export function addressPart(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}
