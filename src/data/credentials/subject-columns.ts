/** The roles of `access.subjects s`, as an array in the order of their names. */
export const ROLES_OF =
  'ARRAY(SELECT role FROM access.subject_roles r WHERE r.subject_id = s.subject_id ORDER BY role)';
