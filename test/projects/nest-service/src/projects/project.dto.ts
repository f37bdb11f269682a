import { IsInt, IsString, IsUUID, Length, Min } from 'class-validator';

export class CreateProjectDto {
  @IsString()
  @Length(1, 120)
  name!: string;

  @IsInt()
  @Min(0)
  budgetCents!: number;
}

export class InviteDto {
  @IsUUID()
  userId!: string;
}
